// City objects: the flat table of a document as trees, each delivered by itself.
#include <string.h>

#include "base/mem.h"
#include "ingest/cityjson/cityjson.h"

#define NONE SIZE_MAX

typedef struct entry { // of the table, in its order
    const char *id;
    const json_t *object;
    size_t parent, child, last, next;
    bool done;
} entry;

typedef struct table {
    ct_cityjson__document *d;
    entry *all;
    size_t n;
    ct_strmap *index;
    const char *failed; // id of the object with the error
} table;

static const char *place(const ct_cityjson__document *d, const char *id) {
    const char *file = d->r.job->file;
    const char *text =
        d->line ? ct_arena_printf(d->r.family, "%s:%zu:CityObjects/%.160s", file, d->line, id)
                : ct_arena_printf(d->r.family, "%s:CityObjects/%.160s", file, id);
    return text ? text : file;
}

static bool is_group(const json_t *object) {
    const char *type = json_string_value(json_object_get(object, "type"));
    return type && strcmp(type, "CityObjectGroup") == 0;
}

// The first parent that is not a group: groups have members, which stay what they are.
static size_t parent_of(const table *t, size_t i) {
    const json_t *parents = json_object_get(t->all[i].object, "parents");
    for (size_t k = 0; k < json_array_size(parents); k++) {
        const char *id = json_string_value(json_array_get(parents, k));
        size_t at;
        if (!id || !ct_strmap_get(&at, t->index, id)) {
            ct_diagnostics_add(t->d->r.job->diagnostics, CT_SEVERITY_WARNING, "no-parent",
                               place(t->d, t->all[i].id), "there is no object \"%.100s\"",
                               id ? id : "");
            continue;
        }
        if (!is_group(t->all[at].object)) return at;
    }
    return NONE;
}

static void link_tree(table *t) {
    for (size_t i = 0; i < t->n; i++) {
        const size_t p = t->all[i].parent = parent_of(t, i);
        if (p == NONE) continue;
        if (t->all[p].last == NONE)
            t->all[p].child = i;
        else
            t->all[t->all[p].last].next = i;
        t->all[p].last = i;
    }
}

static ct_err read_geometries(ct_cityjson__document *d, ct_city__object *o, const json_t *list) {
    const ct_cityjson__points points = {d->vertices, d->n_vertices};
    if (list && !json_is_array(list)) return ct_fail(CT_PARSE, "geometry: an array expected");
    for (size_t i = 0; i < json_array_size(list); i++)
        CT_TRY(
            ct_context(ct_cityjson__geometry(d, o, d->r.family, &points, json_array_get(list, i)),
                       "geometry[%zu]", i));
    return CT_OK;
}

// Members of a group, by their ids.
static ct_err read_members(ct_cityjson__document *d, ct_city__object *o, const json_t *object) {
    const json_t *members = json_object_get(object, "children");
    if (!is_group(object)) return CT_OK;
    if (!members) members = json_object_get(object, "members"); // of 1.0
    for (size_t i = 0; i < json_array_size(members); i++) {
        ct_property p;
        CT_TRY(ct_cityjson__property(&p, d->r.family, "member", json_array_get(members, i)));
        p.set = "members";
        p.name = ct_arena_printf(d->r.family, "member %zu", i + 1);
        if (!p.name) return CT_NOMEM;
        CT_TRY(ct_city__add_attribute(o, d->r.family, &p));
    }
    return CT_OK;
}

static ct_err read_object(ct_city__object **out, ct_cityjson__document *d, const entry *e) {
    const char *type;
    ct_city__object *o = ct_arena_calloc(d->r.family, 1, sizeof *o);
    if (!o) return CT_NOMEM;
    o->id = e->id;
    o->where = place(d, e->id);
    CT_TRY(ct_json_get_string(&type, e->object, "type", "object"));
    o->type = type;
    CT_TRY(ct_cityjson__own(d, o, e->object));
    CT_TRY(ct_cityjson__attributes(d, o, e->object));
    CT_TRY(read_members(d, o, e->object));
    CT_TRY(read_geometries(d, o, json_object_get(e->object, "geometry")));
    if (o->own && o->own->outline && o->n_shapes) o->shapes[0].role = CT_CITY__OWN;
    *out = o;
    return CT_OK;
}

// Depth first; what was read already (a cycle's first) is not read again.
static ct_err read_tree(ct_city__object **out, table *t, size_t i, int depth) {
    if (depth > CT_CITY__MAX_DEPTH)
        return ct_fail(CT_LIMIT, "objects nested deeper than %d levels", CT_CITY__MAX_DEPTH);
    t->all[i].done = true;
    t->failed = t->all[i].id;
    CT_TRY(read_object(out, t->d, &t->all[i]));
    for (size_t c = t->all[i].child; c != NONE; c = t->all[c].next) {
        ct_city__object *child;
        if (t->all[c].done) continue;
        CT_TRY(read_tree(&child, t, c, depth + 1));
        ct_city__add_child(*out, child);
    }
    return CT_OK;
}

// The next entry of the tree in its order, or NONE; in a circle the root is a child as well.
static size_t next_in_tree(const table *t, size_t i, size_t root) {
    size_t at = t->all[i].child;
    if (at == root) at = t->all[at].next;
    while (at == NONE && i != root) {
        at = t->all[i].next;
        if (at == root) at = t->all[at].next;
        i = t->all[i].parent;
    }
    return at;
}

static ct_err deliver_tree(table *t, size_t i) {
    ct_city__reader *r = &t->d->r;
    ct_city__object *root = NULL;
    ct_arena_reset(r->family);
    if (!t->d->line) r->part = (double)i / (double)t->n;
    const ct_err err = read_tree(&root, t, i, 0);
    if (err != CT_OK) {
        for (size_t at = i; at != NONE; at = next_in_tree(t, at, i)) t->all[at].done = true;
        return ct_city__note(r, err, place(t->d, t->failed));
    }
    return ct_city__deliver(r, root);
}

static ct_err deliver_all(table *t) {
    for (size_t i = 0; i < t->n; i++)
        if (t->all[i].parent == NONE) CT_TRY(deliver_tree(t, i));
    for (size_t i = 0; i < t->n; i++) {
        if (t->all[i].done) continue;
        ct_diagnostics_add(t->d->r.job->diagnostics, CT_SEVERITY_WARNING, "parents-in-a-circle",
                           place(t->d, t->all[i].id), "its parents lead back to itself");
        CT_TRY(deliver_tree(t, i));
    }
    return CT_OK;
}

static ct_err fill(table *t, const json_t *objects) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)objects, key, value) {
        if (!json_is_object(value))
            return ct_fail(CT_PARSE, "CityObjects/%.100s: an object expected", key);
        CT_TRY(ct_strmap_put(t->index, key, t->n));
        t->all[t->n++] = (entry){
            .id = key, .object = value, .parent = NONE, .child = NONE, .last = NONE, .next = NONE};
    }
    return CT_OK;
}

ct_err ct_cityjson__objects(ct_cityjson__document *d, const json_t *root) {
    const json_t *objects = json_object_get(root, "CityObjects");
    if (!json_is_object(objects)) return ct_fail(CT_PARSE, "CityObjects: an object expected");
    table t = {.d = d};
    const size_t n = json_object_size(objects);
    t.all = ct_calloc(n + 1, sizeof *t.all);
    t.index = ct_strmap_new(n);
    ct_err err = t.all && t.index ? fill(&t, objects) : CT_NOMEM;
    if (err == CT_OK) {
        link_tree(&t);
        err = deliver_all(&t);
    }
    ct_strmap_free(t.index);
    ct_free(t.all);
    return err;
}
