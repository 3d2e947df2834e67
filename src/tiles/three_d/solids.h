// Features as triangles in a tile's frame: bodies, simplified bodies, blocks over outlines.
// Private to tiles.
#ifndef CT_TILES_THREE_D_SOLIDS_H
#define CT_TILES_THREE_D_SOLIDS_H

#include "tiles/three_d/glb.h"
#include "tiles/three_d/scene.h"

typedef enum ct_tiles__detail {
    CT_TILES__FULL,   // the body as it is, else the extruded outline
    CT_TILES__COARSE, // bodies simplified; what is far smaller than the whole is left out
    CT_TILES__BLOCK   // the outline of a building extruded, or the box of its body
} ct_tiles__detail;

// Draws for one content; one thread at a time.
typedef struct ct_tiles__drawing {
    const ct_tiles__scene *scene;
    ct_reader *reader;
    ct_enu frame;
    ct_arena *arena; // of the feature at work
    ct_tiles__glb *glb;
    ct_transform *to_degrees;
    double least_m; // COARSE: bodies smaller than this are left out
    double error_m; // COARSE: so far; how far what is drawn lies from what is there
} ct_tiles__drawing;

CT_CHECKED ct_err ct_tiles__drawing_init(ct_tiles__drawing *d, const ct_tiles__scene *scene,
                                         ct_reader *reader, const ct_enu *frame);
void ct_tiles__drawing_fini(ct_tiles__drawing *d);
CT_CHECKED ct_err ct_tiles__draw_building(ct_tiles__drawing *d, const ct_tiles__building *b,
                                          ct_tiles__detail detail);
CT_CHECKED ct_err ct_tiles__draw_thing(ct_tiles__drawing *d, const ct_tiles__thing *t,
                                       ct_tiles__detail detail);
// How far block and body of a building lie from each other: the largest distance of a corner of
// either from the other's surface; 0 where it has no body.
CT_CHECKED ct_err ct_tiles__block_error(double *error_m, ct_tiles__drawing *d,
                                        const ct_tiles__building *b);

// ---- frames.c ----
// The frame in the middle of a box of the twin's CRS, at its foot.
CT_CHECKED ct_err ct_tiles__frame_of(ct_enu *out, const char *crs, const ct_box3 *box);
// The box in the frame around a box of the twin's CRS and all that is drawn inside.
CT_CHECKED ct_err ct_tiles__box_in(ct_box3 *out, const ct_enu *frame, const char *crs,
                                   const ct_box3 *box);

#endif
