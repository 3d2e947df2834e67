// Compares the features of two twins that IFC carries: ids, source ids, values, properties, parts
// and volumes of bodies. One line a quantity: what, how many, the largest difference and its bound.
//
//   ifc_compare A.ct B.ct [BOUND_OF_VOLUMES]
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/store.h"

static const double k_value_bound = 1e-6;

typedef struct side {
    ct_store *store;
    ct_reader *reader;
} side;

typedef struct tally {
    long features, bodies, properties, failures;
    double volume, corner; // largest differences: relative, metres
    double bound;          // of volumes
} tally;

static void fail(tally *t, const ct_feature *f, const char *what) {
    if (t->failures++ < 20) printf("FAILED: %s %s: %s\n", f->cls->name, f->id, what);
}

static bool same_value(const ct_value *a, const ct_value *b) {
    if (a->kind != b->kind) return false;
    switch (a->kind) {
    case CT_VALUE_NULL: return true;
    case CT_VALUE_INTEGER: return a->as.integer == b->as.integer;
    case CT_VALUE_BOOLEAN: return a->as.boolean == b->as.boolean;
    case CT_VALUE_TEXT: return strcmp(a->as.text, b->as.text) == 0;
    case CT_VALUE_REAL:
        return fabs(a->as.real - b->as.real) <= k_value_bound * fmax(1, fabs(a->as.real));
    }
    return false;
}

static void compare_values(tally *t, const ct_feature *a, const ct_feature *b) {
    for (size_t i = 0; i < a->cls->n_attrs; i++)
        if (!same_value(&a->values[i], &b->values[i])) {
            fail(t, a, a->cls->attrs[i].name);
            return;
        }
}

static ct_err compare_properties(tally *t, side *a, side *b, ct_arena *arena, const ct_feature *f,
                                 const ct_feature *g) {
    const ct_property *p = NULL, *q = NULL;
    size_t n = 0, m = 0;
    CT_TRY(ct_reader_properties(&p, &n, arena, a->reader, f->cls, f->fid));
    CT_TRY(ct_reader_properties(&q, &m, arena, b->reader, g->cls, g->fid));
    t->properties += (long)n;
    size_t k = 0;
    for (size_t i = 0; i < n; i++) { // the copy may have more: attributes in the standard's sets
        while (k < m && (strcmp(q[k].set, p[i].set) != 0 || strcmp(q[k].name, p[i].name) != 0)) k++;
        if (k == m || (p[i].value.kind == CT_VALUE_TEXT) != (q[k].value.kind == CT_VALUE_TEXT) ||
            (p[i].value.kind == CT_VALUE_TEXT && !same_value(&p[i].value, &q[k].value))) {
            fail(t, f, p[i].name);
            return CT_OK;
        }
    }
    return CT_OK;
}

static ct_err compare_bodies(tally *t, side *a, side *b, ct_arena *arena, const ct_feature *f,
                             const ct_feature *g) {
    ct_body p, q;
    ct_box3 u, v;
    CT_TRY(ct_reader_body(&p, arena, a->reader, f->cls, f->fid));
    CT_TRY(ct_reader_body(&q, arena, b->reader, g->cls, g->fid));
    if (p.n_parts != q.n_parts) fail(t, f, "parts of the body");
    if (p.n_parts == 0 || p.n_parts != q.n_parts) return CT_OK;
    t->bodies++;
    const double x = ct_body_volume_m3(&p), y = ct_body_volume_m3(&q);
    const double difference = fabs(x - y) / fmax(1, fabs(x));
    t->volume = fmax(t->volume, difference);
    if (!(difference <= t->bound)) fail(t, f, "volume of the body");
    if (!ct_body_box(&u, &p) || !ct_body_box(&v, &q)) return CT_OK;
    for (int k = 0; k < 3; k++)
        t->corner = fmax(t->corner, fmax(fabs(u.min[k] - v.min[k]), fabs(u.max[k] - v.max[k])));
    return CT_OK;
}

static ct_err compare_feature(tally *t, side *a, side *b, ct_arena *arena, const ct_feature *f) {
    ct_feature g;
    t->features++;
    const ct_err err = ct_reader_get(&g, arena, b->reader, f->cls, f->id);
    if (err == CT_NOTFOUND) {
        fail(t, f, "is missing");
        return CT_OK;
    }
    CT_TRY(err);
    if (f->source_id && strlen(f->source_id) == 22 &&
        (!g.source_id || strcmp(f->source_id, g.source_id) != 0))
        fail(t, f, "GlobalId");
    compare_values(t, f, &g);
    CT_TRY(compare_properties(t, a, b, arena, f, &g));
    return compare_bodies(t, a, b, arena, f, &g);
}

static ct_err compare_class(tally *t, side *a, side *b, const ct_class *cls) {
    ct_query query;
    ct_cursor *cursor = NULL;
    const ct_feature *f = NULL;
    int64_t n = 0, m = 0;
    ct_query_init(&query, cls);
    CT_TRY(ct_reader_count(&n, a->reader, &query));
    CT_TRY(ct_reader_count(&m, b->reader, &query));
    if (n != m) {
        printf("FAILED: %s: %lld and %lld\n", cls->collection, (long long)n, (long long)m);
        t->failures++;
    }
    CT_TRY(ct_cursor_open(&cursor, a->reader, &query));
    ct_arena *arena = ct_arena_new(1 << 16, 0);
    ct_err err = arena ? CT_OK : CT_NOMEM;
    while (err == CT_OK && (err = ct_cursor_next(cursor, &f)) == CT_OK) {
        ct_arena_reset(arena);
        err = compare_feature(t, a, b, arena, f);
    }
    ct_arena_free(arena);
    ct_cursor_close(cursor);
    return err == CT_NOTFOUND ? CT_OK : err;
}

static ct_err open_side(side *s, const char *path, const ct_catalogue *catalogue) {
    CT_TRY(ct_store_open(&s->store, path, catalogue));
    return ct_store_reader(&s->reader, s->store);
}

static ct_err compare(tally *t, char **paths, ct_catalogue *catalogue) {
    static const char *const classes[] = {"site",           "building",   "storey",  "space",
                                          "opening",        "transition", "element", "device",
                                          "fire_equipment", "zone"};
    side a = {0}, b = {0};
    ct_err err = open_side(&a, paths[1], catalogue);
    if (err == CT_OK) err = open_side(&b, paths[2], catalogue);
    for (size_t i = 0; err == CT_OK && i < sizeof classes / sizeof *classes; i++)
        err = compare_class(t, &a, &b, ct_catalogue_by_name(catalogue, classes[i]));
    ct_reader_release(a.reader);
    ct_reader_release(b.reader);
    ct_store_close(a.store);
    ct_store_close(b.store);
    return err;
}

int main(int argc, char **argv) {
    ct_catalogue *catalogue = NULL;
    tally t = {.bound = argc == 4 ? strtod(argv[3], NULL) : 1e-6};
    if (argc != 3 && argc != 4) return 2;
    ct_err err = ct_catalogue_load(&catalogue, NULL);
    if (err == CT_OK) err = compare(&t, argv, catalogue);
    ct_catalogue_free(catalogue);
    if (err != CT_OK) {
        fprintf(stderr, "ifc_compare: %s\n", ct_err_message());
        return 1;
    }
    printf("%ld features, %ld properties, %ld bodies; volumes differ by %.2g (bound %g), boxes by "
           "%.2g m\n",
           t.features, t.properties, t.bodies, t.volume, t.bound, t.corner);
    return t.failures || t.features == 0 ? 1 : 0;
}
