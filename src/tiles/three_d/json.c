// Writing parts of tilesets (3D Tiles 1.1, OGC 22-025r4).
#include "tiles/three_d/json.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { DECIMALS = 4 }; // of metres

void ct_tiles__json_error(ct_jsonw *w, double error_m) {
    ct_jsonw_key(w, "geometricError");
    ct_jsonw_fixed(w, ceil(error_m * 1e4) / 1e4, DECIMALS); // never less than it is
}

void ct_tiles__json_begin(ct_jsonw *w, double error_m) {
    static const char asset[] = "{\"version\":\"1.1\"}";
    ct_jsonw_object(w);
    ct_jsonw_key(w, "asset");
    ct_jsonw_raw(w, asset, sizeof asset - 1);
    ct_tiles__json_error(w, error_m);
}

void ct_tiles__json_box(ct_jsonw *w, const ct_box3 *box, const ct_enu *frame, bool local) {
    static const double unit[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    const double *const axes[3] = {local ? unit[0] : frame->east, local ? unit[1] : frame->north,
                                   local ? unit[2] : frame->up};
    double centre[3];
    for (int i = 0; i < 3; i++) centre[i] = (box->min[i] + box->max[i]) / 2;
    if (!local) ct_enu_to_ecef(centre, frame, centre);
    ct_jsonw_key(w, "boundingVolume");
    ct_jsonw_object(w);
    ct_jsonw_key(w, "box");
    ct_jsonw_array(w);
    for (int i = 0; i < 3; i++) ct_jsonw_fixed(w, centre[i], DECIMALS);
    for (int a = 0; a < 3; a++) {
        const double half = (box->max[a] - box->min[a]) / 2;
        for (int i = 0; i < 3; i++) ct_jsonw_fixed(w, axes[a][i] * half, DECIMALS);
    }
    ct_jsonw_end_array(w);
    ct_jsonw_end_object(w);
}

void ct_tiles__json_transform(ct_jsonw *w, const ct_enu *frame) {
    const double *const columns[4] = {frame->east, frame->north, frame->up, frame->origin};
    ct_jsonw_key(w, "transform");
    ct_jsonw_array(w);
    for (int c = 0; c < 4; c++) {
        for (int i = 0; i < 3; i++) ct_jsonw_double(w, columns[c][i]);
        ct_jsonw_int(w, c == 3);
    }
    ct_jsonw_end_array(w);
}

void ct_tiles__json_content(ct_jsonw *w, int group, const char *uri, ...) {
    char text[256];
    va_list args;
    va_start(args, uri);
    (void)vsnprintf(text, sizeof text, uri, args);
    va_end(args);
    ct_jsonw_key(w, "content");
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "uri", text);
    if (group >= 0) ct_jsonw_kv_int(w, "group", group);
    ct_jsonw_end_object(w);
}
