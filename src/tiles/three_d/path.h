// Reading the paths of a tileset's files. Private to tiles.
#ifndef CT_TILES_THREE_D_PATH_H
#define CT_TILES_THREE_D_PATH_H

#include <stdbool.h>
#include <stdint.h>

// Each moves *text behind what it read, and leaves it where that is not there.
bool ct_tiles__path_skip(const char **text, const char *literal);
// Digits as they are written: no sign, no leading zero, at most 18.
bool ct_tiles__path_number(int64_t *out, const char **text);
bool ct_tiles__path_tile(int64_t out[3], const char **text); // "15/6/7", each of 32 bits

#endif
