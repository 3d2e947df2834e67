// PNG pictures with a palette (ISO/IEC 15948). Private to tiles.
#ifndef CT_TILES_PNG_H
#define CT_TILES_PNG_H

#include <stdint.h>

#include "base/buf.h"

// Appends the picture. `pixels`: indices into the palette of 1 .. 256 colours (red, green, blue,
// alpha), row by row; no index may be over it. As few bits a pixel as the palette allows, no
// filter, quick compression: for areas of equal colour that is both the fastest and about the
// smallest form.
CT_CHECKED ct_err ct_tiles__png(ct_buf *out, const uint8_t *pixels, uint32_t width, uint32_t height,
                                const uint8_t *palette, size_t n_colours);

#endif
