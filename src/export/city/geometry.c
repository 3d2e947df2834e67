// Geometries of a record as CityJSON: boundaries, semantics and materials as nested arrays.
#include <string.h>

#include "base/jsonw.h"
#include "export/city/cityjson.h"

typedef struct walk { // through a record's numbers
    const char *at, *end;
} walk;

static uint32_t take(walk *w) {
    uint32_t value = 0;
    if ((size_t)(w->end - w->at) >= sizeof value) {
        memcpy(&value, w->at, sizeof value);
        w->at += sizeof value;
    } else {
        w->at = w->end;
    }
    return value;
}

static bool take_point(ct_cityout__point *out, walk *w) {
    if ((size_t)(w->end - w->at) < sizeof *out) return false;
    memcpy(out, w->at, sizeof *out);
    w->at += sizeof *out;
    return true;
}

typedef struct writer {
    ct_jsonw w;
    ct_cityout__points *points;
} writer;

// ---- boundaries ---------------------------------------------------------------------------------

static ct_err write_corner(writer *o, walk *w) {
    ct_cityout__point p;
    uint32_t number;
    if (!take_point(&p, w)) return ct_fail(CT_CORRUPT, "the spool was changed by others");
    CT_TRY(ct_cityout__number(&number, o->points, &p));
    ct_jsonw_int(&o->w, number);
    return CT_OK;
}

// A polygon is an array of rings, a line a ring, a point its number.
static ct_err write_face(writer *o, walk *w, ct_cityout__kind kind) {
    (void)take(w); // tag
    (void)take(w); // material
    const uint32_t n_rings = take(w);
    const bool polygon = kind != CT_CITYOUT__POINTS && kind != CT_CITYOUT__LINES;
    if (polygon) ct_jsonw_array(&o->w);
    for (uint32_t r = 0; r < n_rings && w->at < w->end; r++) {
        const uint32_t n = take(w);
        if (kind != CT_CITYOUT__POINTS) ct_jsonw_array(&o->w);
        for (uint32_t i = 0; i < n; i++) CT_TRY(write_corner(o, w));
        if (kind != CT_CITYOUT__POINTS) ct_jsonw_end_array(&o->w);
    }
    if (polygon) ct_jsonw_end_array(&o->w);
    return CT_OK;
}

static ct_err write_boundaries(writer *o, walk *w, ct_cityout__kind kind, uint32_t n_shells) {
    const bool solid = kind == CT_CITYOUT__SOLID;
    ct_jsonw_key(&o->w, "boundaries");
    if (solid) ct_jsonw_array(&o->w);
    for (uint32_t s = 0; s < n_shells && w->at < w->end; s++) {
        const uint32_t n_faces = take(w);
        ct_jsonw_array(&o->w);
        for (uint32_t f = 0; f < n_faces && w->at < w->end; f++) CT_TRY(write_face(o, w, kind));
        ct_jsonw_end_array(&o->w);
    }
    if (solid) ct_jsonw_end_array(&o->w);
    return CT_OK;
}

// ---- semantics and materials --------------------------------------------------------------------

// Tag and material of the next face.
static void pass_face(walk *w, uint32_t *tag, uint32_t *material) {
    *tag = take(w);
    *material = take(w);
    const uint32_t n_rings = take(w);
    for (uint32_t r = 0; r < n_rings && w->at < w->end; r++) {
        const size_t bytes = (size_t)take(w) * sizeof(ct_cityout__point);
        w->at = bytes <= (size_t)(w->end - w->at) ? w->at + bytes : w->end;
    }
}

typedef struct meanings {         // of one geometry
    int number[CT_SURFACE_COUNT]; // of the tag in "surfaces"; -1: not there
    ct_surface tags[CT_SURFACE_COUNT];
    int n;
    bool materials, one_material; // any; the same for all
    uint32_t material;            // the first face's
} meanings;

static void look(meanings *m, walk w, uint32_t n_shells) {
    bool first = true;
    *m = (meanings){.one_material = true};
    for (int i = 0; i < CT_SURFACE_COUNT; i++) m->number[i] = -1;
    for (uint32_t s = 0; s < n_shells && w.at < w.end; s++) {
        const uint32_t n_faces = take(&w);
        for (uint32_t f = 0; f < n_faces && w.at < w.end; f++) {
            uint32_t tag, material;
            pass_face(&w, &tag, &material);
            if (first) m->material = material;
            first = false;
            m->materials |= material > 0;
            m->one_material &= material == m->material;
            if (tag == CT_SURFACE_NONE || tag >= CT_SURFACE_COUNT || m->number[tag] >= 0) continue;
            m->tags[m->n] = (ct_surface)tag;
            m->number[tag] = m->n++;
        }
    }
}

// Values of all faces, nested as the boundaries are.
static void write_values(ct_jsonw *o, walk w, bool solid, uint32_t n_shells, const meanings *m) {
    ct_jsonw_key(o, "values");
    if (solid) ct_jsonw_array(o);
    for (uint32_t s = 0; s < n_shells && w.at < w.end; s++) {
        const uint32_t n_faces = take(&w);
        ct_jsonw_array(o);
        for (uint32_t f = 0; f < n_faces && w.at < w.end; f++) {
            uint32_t tag, material;
            pass_face(&w, &tag, &material);
            const int value = !m ? (int)material - 1 : tag < CT_SURFACE_COUNT ? m->number[tag] : -1;
            if (value < 0)
                ct_jsonw_null(o);
            else
                ct_jsonw_int(o, value);
        }
        ct_jsonw_end_array(o);
    }
    if (solid) ct_jsonw_end_array(o);
}

// CityJSON says "Door" and "Window" where CityGML says "DoorSurface".
static const char *surface_name(ct_surface tag) {
    return tag == CT_SURFACE_DOOR     ? "Door"
           : tag == CT_SURFACE_WINDOW ? "Window"
                                      : ct_surface_name(tag);
}

static void write_semantics(ct_jsonw *o, walk w, bool solid, uint32_t n_shells, const meanings *m) {
    if (m->n == 0) return;
    ct_jsonw_key(o, "semantics");
    ct_jsonw_object(o);
    ct_jsonw_key(o, "surfaces");
    ct_jsonw_array(o);
    for (int i = 0; i < m->n; i++) {
        ct_jsonw_object(o);
        ct_jsonw_kv_string(o, "type", surface_name(m->tags[i]));
        ct_jsonw_end_object(o);
    }
    ct_jsonw_end_array(o);
    write_values(o, w, solid, n_shells, m);
    ct_jsonw_end_object(o);
}

static void write_material(ct_jsonw *o, walk w, bool solid, uint32_t n_shells, const meanings *m) {
    if (!m->materials) return;
    ct_jsonw_key(o, "material");
    ct_jsonw_object(o);
    ct_jsonw_key(o, "visual");
    ct_jsonw_object(o);
    if (m->one_material)
        ct_jsonw_kv_int(o, "value", (int64_t)m->material - 1);
    else
        write_values(o, w, solid, n_shells, NULL);
    ct_jsonw_end_object(o);
    ct_jsonw_end_object(o);
}

// ---- one geometry -------------------------------------------------------------------------------

static ct_err write_geometry(writer *o, walk *w) {
    static const char *const types[] = {"MultiPoint", "MultiLineString", "MultiSurface",
                                        "CompositeSurface", "Solid"};
    char lod[sizeof((ct_cityout__geometry *)0)->lod_text];
    meanings m;
    const uint32_t kind = take(w);
    if (kind > CT_CITYOUT__SOLID || (size_t)(w->end - w->at) < sizeof lod)
        return ct_fail(CT_CORRUPT, "the spool was changed by others");
    memcpy(lod, w->at, sizeof lod);
    w->at += sizeof lod;
    const uint32_t n_shells = take(w);
    const walk faces = *w;
    ct_jsonw_object(&o->w);
    ct_jsonw_kv_string(&o->w, "type", types[kind]);
    ct_jsonw_kv_string(&o->w, "lod", lod);
    CT_TRY(write_boundaries(o, w, (ct_cityout__kind)kind, n_shells));
    look(&m, faces, n_shells);
    write_semantics(&o->w, faces, kind == CT_CITYOUT__SOLID, n_shells, &m);
    write_material(&o->w, faces, kind == CT_CITYOUT__SOLID, n_shells, &m);
    ct_jsonw_end_object(&o->w);
    return CT_OK;
}

ct_err ct_cityout__write_geometries(ct_buf *out, ct_cityout__points *points,
                                    const ct_cityout__item *item) {
    writer o = {.points = points};
    walk w = {item->shapes, item->shapes + item->shapes_bytes};
    ct_jsonw_init(&o.w, out);
    const uint32_t n = take(&w);
    ct_jsonw_array(&o.w);
    for (uint32_t i = 0; i < n; i++) CT_TRY(write_geometry(&o, &w));
    ct_jsonw_end_array(&o.w);
    return ct_buf_status(out);
}
