// Elements with nothing but what their kinds read; the rest is 0. What is not read is not checked
// either (check.c): it may be anything, and must neither be followed nor tell equal networks apart.
#include "sim/drains/shape.h"
#include "sim/drains/state.h"

ct_drains_node ct_drains__plain_node(const ct_drains_node *in) {
    ct_drains_node out = {.kind = in->kind, .invert_m = in->invert_m, .depth_m = in->depth_m};
    if (in->kind == CT_DRAINS_OUTFALL) {
        out.outfall = in->outfall;
        out.flap = in->flap;
        if (in->outfall == CT_DRAINS_LEVEL) out.level = in->level;
        return out;
    }
    out.rim_m = in->rim_m;
    out.top = in->top;
    out.inflow = in->inflow;
    if (in->top == CT_DRAINS_PONDED) out.ponded_area_m2 = in->ponded_area_m2;
    if (in->top == CT_DRAINS_OPEN) out.opening_m = in->opening_m;
    if (in->kind == CT_DRAINS_JUNCTION) {
        out.area_m2 = in->area_m2;
    } else if (in->area.count > 0) {
        out.area = in->area;
    } else {
        out.area_base_m2 = in->area_base_m2;
        out.area_factor = in->area_factor;
        out.area_exponent = in->area_exponent;
    }
    return out;
}

static ct_drains_section plain_transect(const ct_drains_section *in) {
    ct_drains_section out = {.shape = in->shape, .table = in->table, .capped = in->capped};
    if (!(in->bank_left_m < in->bank_right_m)) return out;
    out.bank_left_m = in->bank_left_m;
    out.bank_right_m = in->bank_right_m;
    out.manning_left = in->manning_left;
    out.manning_right = in->manning_right;
    return out;
}

static bool has_width(ct_drains_shape shape) {
    return shape != CT_DRAINS_CIRCULAR && shape != CT_DRAINS_FILLED_CIRCULAR &&
           shape != CT_DRAINS_EGG && shape != CT_DRAINS_HORSESHOE && shape != CT_DRAINS_CUSTOM;
}

static ct_drains_section plain_section(const ct_drains_section *in) {
    if (in->shape == CT_DRAINS_TRANSECT) return plain_transect(in);
    ct_drains_section out = {.shape = in->shape, .height_m = in->height_m};
    if (has_width(in->shape)) out.width_m = in->width_m;
    if (in->shape == CT_DRAINS_TRAPEZOIDAL) {
        out.slope_left = in->slope_left;
        out.slope_right = in->slope_right;
    }
    if (in->shape == CT_DRAINS_POWER) out.exponent = in->exponent;
    if (in->shape == CT_DRAINS_FILLED_CIRCULAR) out.fill_m = in->fill_m;
    if (in->shape == CT_DRAINS_CUSTOM) out.table = in->table;
    if (!ct_drains__is_closed(in->shape)) out.capped = in->capped;
    return out;
}

ct_drains_conduit ct_drains__plain_conduit(const ct_drains_conduit *in) {
    ct_drains_conduit out = *in;
    out.section = plain_section(&in->section);
    return out;
}

ct_drains_pump ct_drains__plain_pump(const ct_drains_pump *in) {
    ct_drains_pump out = *in;
    if (in->kind == CT_DRAINS_PUMP_IDEAL) out.curve = (ct_drains_curve){0};
    return out;
}

ct_drains_orifice ct_drains__plain_orifice(const ct_drains_orifice *in) {
    ct_drains_orifice out = *in;
    if (!in->rectangular) out.width_m = 0;
    return out;
}

ct_drains_weir ct_drains__plain_weir(const ct_drains_weir *in) {
    ct_drains_weir out = *in;
    bool notch = in->kind == CT_DRAINS_WEIR_V_NOTCH, ends = in->kind == CT_DRAINS_WEIR_TRAPEZOIDAL;
    if (notch) out.length_m = 0;
    if (!notch && !ends) out.slope = 0;
    if (!ends) out.coefficient_end = 0;
    if (in->kind != CT_DRAINS_WEIR_TRANSVERSE) out.contractions = 0;
    return out;
}

ct_drains_outlet ct_drains__plain_outlet(const ct_drains_outlet *in) {
    ct_drains_outlet out = *in;
    if (in->curve.count > 0) out.factor = out.exponent = 0;
    return out;
}

ct_drains_exchange ct_drains__plain_exchange(const ct_drains_exchange *in) {
    ct_drains_exchange out = {.node = in->node,
                              .kind = in->kind,
                              .level_m = in->level_m,
                              .clogging = in->clogging,
                              .count = in->count};
    if (in->kind == CT_DRAINS_MANHOLE) {
        out.opening_m = in->opening_m;
        out.weir_coefficient = in->weir_coefficient;
        out.orifice_coefficient = in->orifice_coefficient;
        return out;
    }
    if (in->kind != CT_DRAINS_CURB) {
        out.length_m = in->length_m;
        out.width_m = in->width_m;
    }
    if (in->kind == CT_DRAINS_CURB || in->kind == CT_DRAINS_COMBINATION) {
        out.curb_length_m = in->curb_length_m;
        out.curb_height_m = in->curb_height_m;
    }
    if (in->kind == CT_DRAINS_GRATE || in->kind == CT_DRAINS_COMBINATION) {
        out.grate = in->grate;
        out.open_share = in->open_share;
    }
    if (in->on_grade) {
        out.on_grade = true;
        out.slope = in->slope;
        out.cross_slope = in->cross_slope;
        out.manning = in->manning;
    }
    return out;
}
