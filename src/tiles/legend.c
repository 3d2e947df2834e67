// The classes of values that pictures of results show, with their colours and labels. Colours of
// one layer differ in lightness all along the scale, so that they can be told apart without colour
// vision and in print; the two sides of the difference are blue and red, which every kind of colour
// vision separates.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/jsonw.h"
#include "tiles/tiles.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const ct_legend_class k_depth[] = {
    {0.03, 0.15, {0xd6, 0xe8, 0xf8, 255}, "0.03–0.15 m", "0.03–0.15 米"},
    {0.15, 0.3, {0xa6, 0xcd, 0xee, 255}, "0.15–0.3 m", "0.15–0.3 米"},
    {0.3, 0.5, {0x6a, 0xac, 0xdf, 255}, "0.3–0.5 m", "0.3–0.5 米"},
    {0.5, 1, {0x38, 0x86, 0xc8, 255}, "0.5–1 m", "0.5–1 米"},
    {1, 2, {0x17, 0x5c, 0xa6, 255}, "1–2 m", "1–2 米"},
    {2, INFINITY, {0x0a, 0x33, 0x74, 255}, "over 2 m", "2 米以上"},
};
static const ct_legend_class k_speed[] = {
    {0.1, 0.25, {0xf1, 0xf4, 0xb6, 255}, "0.1–0.25 m/s", "0.1–0.25 米/秒"},
    {0.25, 0.5, {0xb8, 0xdd, 0x8c, 255}, "0.25–0.5 m/s", "0.25–0.5 米/秒"},
    {0.5, 1, {0x6c, 0xba, 0x70, 255}, "0.5–1 m/s", "0.5–1 米/秒"},
    {1, 2, {0x2a, 0x89, 0x58, 255}, "1–2 m/s", "1–2 米/秒"},
    {2, INFINITY, {0x07, 0x51, 0x3f, 255}, "over 2 m/s", "2 米/秒以上"},
};
// The thresholds of the flood hazard rating of DEFRA and the Environment Agency, FD2321/TR1 (2006),
// table 13.1, and their names.
static const ct_legend_class k_hazard[] = {
    {0.01, 0.75, {0xff, 0xe9, 0x8f, 255}, "caution (under 0.75)", "注意（小于 0.75）"},
    {0.75,
     1.25,
     {0xfd, 0xb1, 0x4a, 255},
     "danger for some (0.75–1.25)",
     "对部分人危险（0.75–1.25）"},
    {1.25, 2, {0xe8, 0x62, 0x1f, 255}, "danger for most (1.25–2)", "对多数人危险（1.25–2）"},
    {2, INFINITY, {0x9e, 0x12, 0x16, 255}, "danger for all (over 2)", "对所有人危险（大于 2）"},
};
static const ct_legend_class k_arrival[] = {
    {0, 600, {0x3b, 0x0a, 0x6e, 255}, "within 10 min", "10 分钟内"},
    {600, 1200, {0x62, 0x38, 0x9c, 255}, "10–20 min", "10–20 分钟"},
    {1200, 1800, {0x87, 0x68, 0xb9, 255}, "20–30 min", "20–30 分钟"},
    {1800, 3600, {0xab, 0x98, 0xd2, 255}, "30–60 min", "30–60 分钟"},
    {3600, 7200, {0xce, 0xc5, 0xe6, 255}, "1–2 h", "1–2 小时"},
    {7200, INFINITY, {0xed, 0xea, 0xf6, 255}, "after 2 h", "2 小时后"},
};
static const ct_legend_class k_difference[] = {
    {-INFINITY, -0.3, {0x1b, 0x4f, 0x9b, 255}, "over 0.3 m less", "减少 0.3 米以上"},
    {-0.3, -0.1, {0x5d, 0x9c, 0xd3, 255}, "0.1–0.3 m less", "减少 0.1–0.3 米"},
    {-0.1, -0.02, {0xbf, 0xdb, 0xee, 255}, "0.02–0.1 m less", "减少 0.02–0.1 米"},
    {0.02, 0.1, {0xfb, 0xcd, 0xb4, 255}, "0.02–0.1 m more", "增加 0.02–0.1 米"},
    {0.1, 0.3, {0xe5, 0x75, 0x58, 255}, "0.1–0.3 m more", "增加 0.1–0.3 米"},
    {0.3, INFINITY, {0xa3, 0x15, 0x28, 255}, "over 0.3 m more", "增加 0.3 米以上"},
};

// Depth is shown where the ground was dry at the start, or where the water rose by the first class:
// rivers and ponds as they always are stay without colour, so the titles say flood water.
static const ct_legend k_legends[] = {
    {CT_MAP_DEPTH, "depth", "Flood water depth", "淹没水深", "m", k_depth, COUNT(k_depth)},
    {CT_MAP_MAX_DEPTH, "max_depth", "Largest flood water depth", "最大淹没水深", "m", k_depth,
     COUNT(k_depth)},
    {CT_MAP_MAX_SPEED, "max_speed", "Largest flow speed", "最大流速", "m/s", k_speed,
     COUNT(k_speed)},
    {CT_MAP_MAX_HAZARD, "max_hazard", "Flood hazard rating", "洪水危险等级", "m2/s", k_hazard,
     COUNT(k_hazard)},
    {CT_MAP_ARRIVAL, "arrival", "Time until the water arrives", "洪水到达时间", "s", k_arrival,
     COUNT(k_arrival)},
    {CT_MAP_DIFFERENCE, "difference", "Change of the largest depth", "最大水深变化", "m",
     k_difference, COUNT(k_difference)},
};

ct_err ct_map_layer_of_name(ct_map_layer *out, const char *name) {
    for (size_t i = 0; i < COUNT(k_legends); i++)
        if (name && strcmp(k_legends[i].name, name) == 0) {
            *out = k_legends[i].layer;
            return CT_OK;
        }
    return ct_fail(CT_NOTFOUND, "there is no map layer \"%.64s\"", name ? name : "");
}

const ct_legend *ct_legend_of(ct_map_layer layer) {
    return &k_legends[layer];
}

int ct_legend_class_of(const ct_legend *legend, double value) {
    for (size_t i = 0; i < legend->n_classes; i++)
        if (value >= legend->classes[i].min && value < legend->classes[i].max) return (int)i;
    return -1;
}

static void write_titles(ct_jsonw *w, const char *key, const char *en, const char *zh) {
    ct_jsonw_key(w, key);
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "en", en);
    ct_jsonw_kv_string(w, "zh", zh);
    ct_jsonw_end_object(w);
}

void ct_legend_write_json(ct_buf *out, const ct_legend *legend) {
    ct_jsonw w;
    ct_jsonw_init(&w, out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "layer", legend->name);
    ct_jsonw_kv_string(&w, "unit", legend->unit);
    write_titles(&w, "title", legend->title_en, legend->title_zh);
    ct_jsonw_key(&w, "classes");
    ct_jsonw_array(&w);
    for (size_t i = 0; i < legend->n_classes; i++) {
        const ct_legend_class *c = &legend->classes[i];
        char colour[8];
        (void)snprintf(colour, sizeof colour, "#%02x%02x%02x", c->rgba[0], c->rgba[1], c->rgba[2]);
        ct_jsonw_object(&w);
        ct_jsonw_kv_double(&w, "min", c->min); // infinite ends become null
        ct_jsonw_kv_double(&w, "max", c->max);
        ct_jsonw_kv_string(&w, "color", colour);
        write_titles(&w, "label", c->label_en, c->label_zh);
        ct_jsonw_end_object(&w);
    }
    ct_jsonw_end_array(&w);
    ct_jsonw_end_object(&w);
}
