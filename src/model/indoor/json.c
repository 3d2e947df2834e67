// The indoor model as JSON.
#include "model/indoor/json.h"

#include <math.h>

enum { DECIMALS = 3 };

static void number(ct_jsonw *w, const char *key, double value) {
    ct_jsonw_key(w, key);
    if (isfinite(value))
        ct_jsonw_fixed(w, value, DECIMALS);
    else
        ct_jsonw_null(w);
}

static const char *side_id(const ct_indoor *in, uint32_t side) {
    if (side == CT_INDOOR_OUTDOORS) return "outdoors";
    return side < in->n_spaces ? in->spaces[side].id : NULL;
}

static const char *storey_id(const ct_indoor *in, uint32_t storey) {
    return storey < in->n_storeys ? in->storeys[storey].id : NULL;
}

static void ends(ct_jsonw *w, const char *key, const char *a, const char *b) {
    ct_jsonw_key(w, key);
    ct_jsonw_array(w);
    ct_jsonw_string(w, a);
    ct_jsonw_string(w, b);
    ct_jsonw_end_array(w);
}

static void geometry(ct_jsonw *w, const char *key, const ct_geom *g) {
    ct_jsonw_key(w, key);
    if (g->n_points)
        ct_geom_write_geojson(w, g, DECIMALS, false);
    else
        ct_jsonw_null(w);
}

static void point(ct_jsonw *w, const double at[2]) {
    ct_jsonw_array(w);
    ct_jsonw_fixed(w, at[0], DECIMALS);
    ct_jsonw_fixed(w, at[1], DECIMALS);
    ct_jsonw_end_array(w);
}

// ---- parts --------------------------------------------------------------------------------------

void ct_indoor_write_space(ct_jsonw *w, const ct_indoor *in, const ct_indoor_space *s) {
    ct_jsonw_kv_string(w, "id", s->id);
    ct_jsonw_kv_string(w, "name", s->name);
    ct_jsonw_kv_string(w, "use", s->use);
    ct_jsonw_kv_string(w, "storey", storey_id(in, s->storey));
    number(w, "elevation_m", s->z_m);
    number(w, "area_m2", s->area_m2);
    number(w, "height_m", s->height_m);
    number(w, "volume_m3", s->volume_m3);
    number(w, "occupants", s->occupants);
    ct_jsonw_key(w, "compartment");
    if (s->compartment == CT_INDOOR_NONE)
        ct_jsonw_null(w);
    else
        ct_jsonw_int(w, s->compartment);
    number(w, "way_out_m", s->way_out_m);
    ct_jsonw_kv_string(w, "exit", s->exit < in->n_openings ? in->openings[s->exit].id : NULL);
    ct_jsonw_kv_bool(w, "outside", s->outside);
    ct_jsonw_kv_bool(w, "derived", s->made);
}

void ct_indoor_write_opening(ct_jsonw *w, const ct_indoor *in, const ct_indoor_opening *o) {
    ct_jsonw_kv_string(w, "id", o->id);
    ct_jsonw_kv_string(w, "kind", ct_indoor_kind_name(o->kind));
    ct_jsonw_kv_string(w, "state", ct_indoor_state_name(o->state));
    ends(w, "spaces", side_id(in, o->side[0]), side_id(in, o->side[1]));
    ct_jsonw_kv_string(w, "storey", storey_id(in, o->storey));
    number(w, "width_m", o->width_m);
    number(w, "clear_width_m", o->clear_width_m);
    number(w, "sill_z_m", o->sill_z_m);
    number(w, "soffit_z_m", o->soffit_z_m);
    number(w, "thickness_m", o->thickness_m);
    number(w, "leak_m2", o->leak_m2);
    ct_jsonw_kv_int(w, "fire_rating_min", o->fire_rating_min);
    ct_jsonw_kv_bool(w, "passable", o->passable);
    ct_jsonw_kv_bool(w, "exit", o->exit);
    ct_jsonw_kv_bool(w, "self_closing", o->self_closing);
    ct_jsonw_kv_bool(w, "smoke_stop", o->smoke_stop);
}

void ct_indoor_write_stair(ct_jsonw *w, const ct_indoor *in, const ct_indoor_stair *s) {
    ct_jsonw_kv_string(w, "id", s->id);
    ct_jsonw_kv_string(w, "feature", s->feature);
    ct_jsonw_kv_string(w, "kind", ct_indoor_stair_kind_name(s->kind));
    ends(w, "spaces", side_id(in, s->space[0]), side_id(in, s->space[1]));
    ends(w, "storeys", storey_id(in, s->storey[0]), storey_id(in, s->storey[1]));
    number(w, "width_m", s->width_m);
    ct_jsonw_kv_int(w, "risers", s->risers);
    number(w, "riser_m", s->riser_m);
    number(w, "tread_m", s->tread_m);
    number(w, "length_m", s->length_m);
    ct_jsonw_kv_int(w, "fire_rating_min", s->fire_rating_min);
    ct_jsonw_kv_bool(w, "evacuation", s->evacuates);
}

static void write_storey(ct_jsonw *w, const ct_indoor_storey *s) {
    ct_jsonw_kv_string(w, "id", s->id);
    ct_jsonw_kv_string(w, "name", s->name);
    if (*s->name_zh) ct_jsonw_kv_string(w, "name_zh", s->name_zh);
    ct_jsonw_kv_int(w, "level", s->level);
    number(w, "elevation_m", s->z_m);
    number(w, "height_m", s->height_m);
    ct_jsonw_kv_bool(w, "entrance", s->entrance);
}

static void write_compartment(ct_jsonw *w, const ct_indoor *in, uint32_t i) {
    const ct_indoor_compartment *c = &in->compartments[i];
    ct_jsonw_kv_int(w, "number", i);
    ct_jsonw_kv_int(w, "fire_rating_min", c->fire_rating_min);
    number(w, "area_m2", c->area_m2);
    number(w, "volume_m3", c->volume_m3);
    ct_jsonw_key(w, "spaces");
    ct_jsonw_array(w);
    for (uint32_t k = 0; k < in->n_spaces; k++)
        if (in->spaces[k].compartment == i) ct_jsonw_string(w, in->spaces[k].id);
    ct_jsonw_end_array(w);
}

static void write_vent(ct_jsonw *w, const ct_indoor *in, const ct_indoor_vent *v) {
    ct_jsonw_kv_string(w, "opening",
                       v->opening < in->n_openings ? in->openings[v->opening].id : NULL);
    ct_jsonw_kv_string(w, "transition", v->stair < in->n_stairs ? in->stairs[v->stair].id : NULL);
    ends(w, "zones", side_id(in, v->zone[0]), side_id(in, v->zone[1]));
    ct_jsonw_kv_bool(w, "horizontal", v->horizontal);
    number(w, "sill_z_m", v->sill_z_m);
    number(w, "soffit_z_m", v->soffit_z_m);
    number(w, "width_m", v->width_m);
    number(w, "area_m2", v->area_m2);
    number(w, "leak_m2", v->leak_m2);
    number(w, "open", v->open);
}

void ct_indoor_write_findings(ct_jsonw *w, const ct_indoor *in) {
    ct_jsonw_array(w);
    for (uint32_t i = 0; i < in->n_findings; i++) {
        const ct_indoor_finding *f = &in->findings[i];
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "rule", ct_indoor_rule_name(f->rule));
        ct_jsonw_kv_string(w, "id", f->id);
        ct_jsonw_kv_string(w, "other", f->other);
        ct_jsonw_kv_string(w, "text", f->text);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
}

// ---- the whole ----------------------------------------------------------------------------------

static void open_list(ct_jsonw *w, const char *key) {
    ct_jsonw_key(w, key);
    ct_jsonw_array(w);
}

static void write_places(ct_jsonw *w, const ct_indoor *in) {
    open_list(w, "spaces");
    for (uint32_t i = 0; i < in->n_spaces; i++) {
        ct_jsonw_object(w);
        ct_indoor_write_space(w, in, &in->spaces[i]);
        ct_jsonw_key(w, "at");
        point(w, in->spaces[i].at);
        geometry(w, "floor", &in->spaces[i].floor);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
    open_list(w, "openings");
    for (uint32_t i = 0; i < in->n_openings; i++) {
        ct_jsonw_object(w);
        ct_indoor_write_opening(w, in, &in->openings[i]);
        open_list(w, "line");
        point(w, in->openings[i].ends);
        point(w, in->openings[i].ends + 2);
        ct_jsonw_end_array(w);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
    open_list(w, "transitions");
    for (uint32_t i = 0; i < in->n_stairs; i++) {
        ct_jsonw_object(w);
        ct_indoor_write_stair(w, in, &in->stairs[i]);
        geometry(w, "line", &in->stairs[i].line);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
}

void ct_indoor_write(ct_jsonw *w, const ct_indoor *in) {
    ct_jsonw_kv_string(w, "building", in->building);
    open_list(w, "storeys");
    for (uint32_t i = 0; i < in->n_storeys; i++) {
        ct_jsonw_object(w);
        write_storey(w, &in->storeys[i]);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
    write_places(w, in);
    open_list(w, "compartments");
    for (uint32_t i = 0; i < in->n_compartments; i++) {
        ct_jsonw_object(w);
        write_compartment(w, in, i);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
    open_list(w, "vents");
    for (uint32_t i = 0; i < in->n_vents; i++) {
        ct_jsonw_object(w);
        write_vent(w, in, &in->vents[i]);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
    ct_jsonw_key(w, "findings");
    ct_indoor_write_findings(w, in);
}
