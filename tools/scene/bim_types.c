// The types' shapes, of a few solids each.
#include "bim_types.h"

#include <stdio.h>
#include <string.h>

// clang-format off
const bim_thing_type BIM_THING_TYPES[BIM_THINGS] = {
    // entity, predefined type, object type, name, width, depth, height
    [BIM_BED] = {"IFCFURNITURE", "BED", NULL, {"Bed", "床"}, 1.5, 2.0, 0.45, false, BIM_FABRIC, NULL},
    [BIM_WARDROBE] = {"IFCFURNITURE", "FILECABINET", NULL, {"Wardrobe", "衣柜"}, 1.6, 0.6, 2.2, false, BIM_WOOD, NULL},
    [BIM_SOFA] = {"IFCFURNITURE", "SOFA", NULL, {"Sofa", "沙发"}, 2.1, 0.9, 0.8, false, BIM_FABRIC, NULL},
    [BIM_TABLE] = {"IFCFURNITURE", "TABLE", NULL, {"Dining table", "餐桌"}, 1.4, 0.8, 0.75, false, BIM_WOOD, NULL},
    [BIM_COUNTER] = {"IFCFURNITURE", "SHELF", NULL, {"Kitchen counter", "橱柜"}, 1.8, 0.6, 0.85, false, BIM_WHITE, NULL},
    [BIM_TOILET] = {"IFCSANITARYTERMINAL", "TOILETPAN", NULL, {"Toilet", "坐便器"}, 0.4, 0.7, 0.75, false, BIM_WHITE, NULL},
    [BIM_BASIN] = {"IFCSANITARYTERMINAL", "WASHHANDBASIN", NULL, {"Washbasin", "洗手盆"}, 0.6, 0.5, 0.82, false, BIM_WHITE, NULL},
    [BIM_SHOWER] = {"IFCSANITARYTERMINAL", "SHOWER", NULL, {"Shower", "淋浴"}, 0.9, 0.9, 0.12, false, BIM_WHITE, NULL},
    [BIM_COT] = {"IFCFURNITURE", "BED", NULL, {"Cot", "幼儿床"}, 0.7, 1.4, 0.35, false, BIM_WOOD, NULL},
    [BIM_SMALL_TABLE] = {"IFCFURNITURE", "TABLE", NULL, {"Children's table", "幼儿桌"}, 1.2, 0.7, 0.5, false, BIM_WOOD, NULL},
    [BIM_SMOKE_SENSOR] = {"IFCSENSOR", "SMOKESENSOR", NULL, {"Smoke detector", "感烟探测器"}, 0.1, 0.1, 0.05, true, BIM_WHITE, "SD-2"},
    [BIM_HEAT_SENSOR] = {"IFCSENSOR", "HEATSENSOR", NULL, {"Heat detector", "感温探测器"}, 0.1, 0.1, 0.05, true, BIM_WHITE, "HD-1"},
    [BIM_CONTACT] = {"IFCSENSOR", "CONTACTSENSOR", NULL, {"Door sensor", "门磁"}, 0.08, 0.02, 0.02, false, BIM_WHITE, "DS-1"},
    [BIM_THERMOMETER] = {"IFCSENSOR", "TEMPERATURESENSOR", NULL, {"Temperature sensor", "温度传感器"}, 0.08, 0.03, 0.08, false, BIM_WHITE, "TH-3"},
    [BIM_MONITOR] = {"IFCSENSOR", "USERDEFINED", "Monitor", {"Monitor", "监测终端"}, 0.2, 0.1, 0.3, false, BIM_STEEL, NULL},
    [BIM_SOUNDER] = {"IFCALARM", "SIREN", NULL, {"Alarm sounder", "火灾声光警报器"}, 0.12, 0.08, 0.12, false, BIM_RED, "AS-1"},
    [BIM_CALL_POINT] = {"IFCALARM", "BREAKGLASSBUTTON", NULL, {"Manual call point", "手动火灾报警按钮"}, 0.1, 0.05, 0.1, false, BIM_RED, "MC-1"},
    [BIM_HOLDER] = {"IFCACTUATOR", "ELECTRICACTUATOR", NULL, {"Door holder", "常开防火门电磁释放器"}, 0.1, 0.06, 0.1, false, BIM_STEEL, "DH-24"},
    [BIM_SPRINKLER] = {"IFCFIRESUPPRESSIONTERMINAL", "SPRINKLER", NULL, {"Sprinkler, 68 C, K80", "68℃喷头"}, 0.04, 0.04, 0.06, true, BIM_STEEL, "ZSTX-15/68"},
    [BIM_HYDRANT] = {"IFCFIRESUPPRESSIONTERMINAL", "FIREHYDRANT", NULL, {"Hydrant cabinet", "室内消火栓箱"}, 0.7, 0.24, 1.0, false, BIM_RED, "SN65"},
    [BIM_INLET] = {"IFCFIRESUPPRESSIONTERMINAL", "BREECHINGINLET", NULL, {"Fire brigade inlet", "消防水泵接合器"}, 0.4, 0.3, 0.7, false, BIM_RED, "SQD100"},
    [BIM_EXTINGUISHER] = {"IFCFIRESUPPRESSIONTERMINAL", "USERDEFINED", "Extinguisher", {"Extinguisher", "灭火器"}, 0.16, 0.16, 0.5, true, BIM_RED, "MF/ABC4"},
};
// clang-format on

// ---- openings -----------------------------------------------------------------------------------

// Its origin is the middle of the sill; the frame is as deep as most walls.
static ct_step_id frame_of(bim *b, const bim_opening_type *o, double depth) {
    const double w = o->width_m / 2, h = o->height_m, f = 0.06;
    const bim_xy arch[] = {{-w, 0},    {-w + f, 0}, {-w + f, h - f}, {w - f, h - f},
                           {w - f, 0}, {w, 0},      {w, h},          {-w, h}};
    const ct_step_id item = bim_profile_xz(b, arch, 8, -depth / 2, depth / 2);
    return bim_style(b, item, o->colour);
}

static ct_step_id leaf(bim *b, const bim_opening_type *o, double x0, double x1, double y) {
    const double z1 = o->height_m - 0.06, thick = o->window ? 0.012 : o->glazed ? 0.02 : 0.045;
    return bim_style(b,
                     bim_box(b, x0, y - thick / 2, x1, y + thick / 2, o->window ? 0.06 : 0.005, z1),
                     o->window || o->glazed ? BIM_GLASS : o->colour);
}

static ct_step_id opening_body(bim *b, const bim_opening_type *o) {
    enum { MAX_ITEMS = 8 };
    ct_step_id items[MAX_ITEMS];
    size_t n = 0;
    const double w = o->width_m / 2 - 0.06, h = o->height_m;
    const bool two = o->leaves_two || (o->window && o->width_m > 1);
    items[n++] = frame_of(b, o, 0.12);
    items[n++] = leaf(b, o, -w, two ? -0.005 : w, two ? -0.012 : 0);
    if (two) items[n++] = leaf(b, o, 0.005, w, o->window || o->glazed ? 0.012 : -0.012);
    if (o->window) {
        items[n++] = bim_style(b, bim_box(b, -w, -0.06, w, 0.06, 0, 0.06), o->colour);
        if (two)
            items[n++] =
                bim_style(b, bim_box(b, -0.03, -0.03, 0.03, 0.03, 0.06, h - 0.06), o->colour);
    } else {
        const double x = two ? -0.08 : w - 0.09;
        items[n++] =
            bim_style(b, bim_box(b, x - 0.06, -0.09, x + 0.06, 0.09, 1.02, 1.05), BIM_STEEL);
    }
    return bim_body(b, items, n);
}

static void opening_set(bim *b, bim_types *t, bim_opening_kind kind) {
    const bim_opening_type *o = &BIM_OPENINGS[kind];
    bim_value v[10] = {{"Reference", "IFCIDENTIFIER", o->key, 0},
                       {"IsExternal", "IFCBOOLEAN", NULL, o->external},
                       {"SmokeStop", "IFCBOOLEAN", NULL, o->smoke_stop},
                       {"FireExit", "IFCBOOLEAN", NULL, o->exit}};
    size_t n = 4;
    if (o->rating) v[n++] = (bim_value){"FireRating", "IFCLABEL", o->rating, 0};
    if (!o->window) {
        v[n++] = (bim_value){"SelfClosing", "IFCBOOLEAN", NULL, o->self_closing};
        v[n++] = (bim_value){"HandicapAccessible", "IFCBOOLEAN", NULL, o->accessible};
        v[n++] = (bim_value){"GlazingAreaFraction", "IFCPOSITIVERATIOMEASURE", NULL,
                             o->glazed ? 0.8 : 0.01};
    } else {
        v[n++] = (bim_value){"ThermalTransmittance", "IFCTHERMALTRANSMITTANCEMEASURE", NULL, 2.4};
    }
    t->opening_set[kind] = bim_set(b, o->window ? "Pset_WindowCommon" : "Pset_DoorCommon", v, n);
}

void bim_need_opening(bim *b, bim_types *t, bim_opening_kind kind) {
    const bim_opening_type *o = &BIM_OPENINGS[kind];
    if (t->opening[kind]) return;
    const ct_step_id map = bim_map(b, opening_body(b, o));
    t->opening_shape[kind] = bim_mapped(b, map);
    const char *guid = bim_guid(b, "type/%s", o->key);
    t->opening[kind] = ct_stepw_put(b->w, o->window ? "IFCWINDOWTYPE" : "IFCDOORTYPE",
                                    "srss$$R$$eeb$", guid, b->owner, o->key, o->name.en, (size_t)1,
                                    &map, o->window ? "WINDOW" : "DOOR", o->operation, 0);
    opening_set(b, t, kind);
    bim_link_to(b, BIM_MATERIAL,
                bim_material(b, o->colour == BIM_WOOD ? "Wood" : "Steel",
                             o->colour == BIM_WOOD ? "wood" : "steel"),
                t->opening[kind]);
}

// ---- things -------------------------------------------------------------------------------------

// Furniture stands with its back on y = 0 and looks to +y; what is round is about its origin.
static ct_step_id thing_body(bim *b, bim_thing kind) {
    const bim_thing_type *f = &BIM_THING_TYPES[kind];
    const double w = f->width_m / 2, d = f->depth_m, h = f->height_m;
    ct_step_id items[6];
    size_t n = 0;
    if (f->round) {
        items[n++] = bim_cylinder(b, 0, 0, 0, w, h);
    } else if (kind == BIM_TABLE || kind == BIM_SMALL_TABLE) {
        items[n++] = bim_box(b, -w, 0, w, d, h - 0.04, h);
        for (int k = 0; k < 4; k++) {
            const double x = k % 2 ? w - 0.1 : -w + 0.05, y = k / 2 ? d - 0.1 : 0.05;
            items[n++] = bim_box(b, x, y, x + 0.05, y + 0.05, 0, h - 0.04);
        }
    } else if (kind == BIM_BED || kind == BIM_SOFA || kind == BIM_COT) {
        const double back = kind == BIM_SOFA ? 0.25 : 0.06;
        items[n++] = bim_box(b, -w, back, w, d, 0, kind == BIM_SOFA ? 0.42 : h);
        items[n++] = bim_box(b, -w, 0, w, back, 0, kind == BIM_SOFA ? h : h + 0.45);
    } else if (kind == BIM_TOILET) {
        items[n++] = bim_box(b, -w, 0, w, 0.2, 0.35, h);
        items[n++] = bim_box(b, -w, 0, w, d, 0, 0.4);
    } else {
        items[n++] = bim_box(b, -w, 0, w, d, 0, h);
    }
    for (size_t i = 0; i < n; i++) bim_style(b, items[i], f->colour);
    return bim_body(b, items, n);
}

void bim_need_thing(bim *b, bim_types *t, bim_thing kind) {
    const bim_thing_type *f = &BIM_THING_TYPES[kind];
    char keyword[48];
    if (t->thing[kind]) return;
    const ct_step_id map = bim_map(b, thing_body(b, kind));
    t->thing_shape[kind] = bim_mapped(b, map);
    (void)snprintf(keyword, sizeof keyword, "%sTYPE", f->entity);
    const bool furniture = strcmp(f->entity, "IFCFURNITURE") == 0;
    const bim_value v = {"ModelReference", "IFCLABEL", f->model, 0};
    const ct_step_id set = f->model ? bim_set(b, "Pset_ManufacturerTypeInformation", &v, 1) : 0;
    const char *guid = bim_guid(b, "type/thing/%d", (int)kind);
    t->thing[kind] = ct_stepw_begin(b->w, keyword);
    ct_stepw_text(b->w, guid);
    ct_stepw_ref(b->w, b->owner);
    ct_stepw_text(b->w, f->name.en);
    ct_stepw_text(b->w, f->name.zh);
    ct_stepw_unset(b->w);
    if (set) ct_stepw_open_list(b->w, NULL);
    ct_stepw_ref(b->w, set);
    if (set) ct_stepw_close_list(b->w);
    ct_stepw_open_list(b->w, NULL);
    ct_stepw_ref(b->w, map);
    ct_stepw_close_list(b->w);
    ct_stepw_unset(b->w);
    ct_stepw_text(b->w, f->object_type);
    if (furniture) ct_stepw_enum(b->w, "NOTDEFINED");
    ct_stepw_enum(b->w, f->predefined);
    ct_stepw_end(b->w);
}

ct_step_id bim_put_thing(bim *b, bim_types *t, bim_thing kind, const char *guid, const char *name,
                         ct_step_id parent, ct_step_id frame) {
    const bim_thing_type *f = &BIM_THING_TYPES[kind];
    bim_need_thing(b, t, kind);
    const ct_step_id id = ct_stepw_put(b->w, f->entity, "srsssrrse", guid, b->owner, name,
                                       f->name.zh, f->object_type, bim_put_at(b, parent, frame),
                                       t->thing_shape[kind], (const char *)NULL, f->predefined);
    bim_link_to(b, BIM_TYPE, t->thing[kind], id);
    return id;
}
