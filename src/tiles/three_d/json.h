// Words that all tilesets are written in: bounding volumes, transforms, frames of the document.
// Private to tiles.
#ifndef CT_TILES_THREE_D_JSON_H
#define CT_TILES_THREE_D_JSON_H

#include "base/jsonw.h"
#include "geo/ecef.h"
#include "geo/mesh.h"

// "asset" and "geometricError"; the document's object stays open.
void ct_tiles__json_begin(ct_jsonw *w, double error_m);
// "boundingVolume": the box of a frame, as seen from the earth's centre, or (`local`) in itself.
void ct_tiles__json_box(ct_jsonw *w, const ct_box3 *box, const ct_enu *frame, bool local);
void ct_tiles__json_transform(ct_jsonw *w, const ct_enu *frame);
void ct_tiles__json_error(ct_jsonw *w, double error_m);
// "content": {"uri", "group"}; group -1: none.
void ct_tiles__json_content(ct_jsonw *w, int group, const char *uri, ...) CT_PRINTF(3, 4);

#endif
