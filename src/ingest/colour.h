// Inside ingest: the colour of a picture as a whole.
#ifndef CT_INGEST_COLOUR_H
#define CT_INGEST_COLOUR_H

#include <stdbool.h>

// The mean of a picture (JPEG, PNG, TIFF) that lies in or below the folder of the file `beside`, as
// sRGB says it, 0 to 1; what is transparent does not count. False where the path leads elsewhere,
// there is no such picture, it is not one of bytes, or of more than 67 million pixels, or of more
// than *pixels_left, from which the pixels are taken.
bool ct_ingest__mean_colour(float rgb[3], const char *beside, const char *path,
                            double *pixels_left);

#endif
