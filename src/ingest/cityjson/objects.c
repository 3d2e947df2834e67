// City objects: the flat table of a document as trees, each delivered by itself.
#include <string.h>

#include "ingest/cityjson/cityjson.h"

#define NONE SIZE_MAX

typedef struct entry { // of the table, in its order
    const char *id;
    const ct_tape_value *object, *parents, *children;
    bool group;     // whose members stay what they are: no parent
    bool storey;    // a group that is one, of its parent
    const char *in; // id of the group that is its storey; NULL
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

static char *put_text(char *to, const char *text, size_t n) {
    memcpy(to, text, n);
    return to + n;
}

static char *put_number(char *to, size_t number) {
    char digits[24], *first = digits + sizeof digits;
    do {
        *--first = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    return put_text(to, first, (size_t)(digits + sizeof digits - first));
}

// "towers.city.jsonl:12:CityObjects/tower-7"; put together by hand, as every object has one.
static const char *place(const ct_cityjson__document *d, const char *id) {
    static const char word[] = ":CityObjects/";
    enum { MOST = 160, NUMBER = 24 };
    const char *file = d->r.job->file;
    const size_t n = strlen(file), id_length = strnlen(id, MOST);
    char *text = ct_arena_alloc(d->r.family, n + NUMBER + sizeof word + id_length);
    if (!text) return file;
    char *to = put_text(text, file, n);
    if (d->line) {
        *to++ = ':';
        to = put_number(to, d->line);
    }
    to = put_text(to, word, sizeof word - 1);
    *put_text(to, id, id_length) = '\0';
    return text;
}

// The first parent that is not a group.
static ct_err find_parent(size_t *out, const table *t, size_t i) {
    ct_tape_walk w = ct_tape_begin(t->all[i].parents, CT_TAPE_ARRAY);
    *out = NONE;
    for (const ct_tape_value *parent; (parent = ct_tape_next(&w));) {
        const char *id = "";
        size_t at;
        if (parent->kind == CT_TAPE_STRING) id = ct_tape_dup(t->d->texts, parent);
        if (!id) return CT_NOMEM;
        if (parent->kind != CT_TAPE_STRING || !ct_strmap_get(&at, t->index, id)) {
            ct_diagnostics_add(t->d->r.job->diagnostics, CT_SEVERITY_WARNING, "no-parent",
                               place(t->d, t->all[i].id), "there is no object \"%.100s\"", id);
            continue;
        }
        if (t->all[at].group) continue;
        *out = at;
        return CT_OK;
    }
    return CT_OK;
}

static void adopt(table *t, size_t parent, size_t i) {
    t->all[i].parent = parent;
    if (t->all[parent].last == NONE)
        t->all[parent].child = i;
    else
        t->all[t->all[parent].last].next = i;
    t->all[parent].last = i;
}

// Where the id in a list of them leads to; NONE where it is none, or nowhere.
static ct_err find(size_t *out, const table *t, const ct_tape_value *id) {
    *out = NONE;
    if (id->kind != CT_TAPE_STRING) return CT_OK;
    const char *text = ct_tape_dup(t->d->texts, id);
    if (!text) return CT_NOMEM;
    if (!ct_strmap_get(out, t->index, text)) *out = NONE;
    return CT_OK;
}

// Children that name no parents themselves.
static ct_err link_children(table *t, size_t i) {
    ct_tape_walk w = ct_tape_begin(t->all[i].children, CT_TAPE_ARRAY);
    for (const ct_tape_value *child; (child = ct_tape_next(&w));) {
        size_t at;
        CT_TRY(find(&at, t, child));
        if (at != NONE && at != i && !t->all[at].parents && t->all[at].parent == NONE)
            adopt(t, i, at);
    }
    return CT_OK;
}

static ct_err link_tree(table *t) {
    for (size_t i = 0; i < t->n; i++) {
        size_t parent;
        CT_TRY(find_parent(&parent, t, i));
        if (parent != NONE) adopt(t, parent, i);
    }
    for (size_t i = 0; i < t->n; i++)
        if (!t->all[i].group) CT_TRY(link_children(t, i));
    return CT_OK;
}

// ---- groups that are storeys, as CityJSON 1 has none --------------------------------------------

static bool tells_storey(const table *t, const entry *e) {
    static const char *const names[] = {"class", "function", "usage"};
    const ct_tape_value *attributes = ct_tape_get(e->object, "attributes");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const ct_tape_value *v = ct_tape_get(attributes, names[i]);
        const char *text = ct_tape_is(v, CT_TAPE_STRING) ? ct_tape_dup(t->d->texts, v) : NULL;
        if (text && ct_city__is_storey(text)) return true;
    }
    return false;
}

// The building that the object is in; NONE where it is in none, or in a circle.
static size_t building_of(const table *t, size_t i) {
    for (int depth = 0; depth < CT_CITY__MAX_DEPTH && t->all[i].parent != NONE; depth++)
        i = t->all[i].parent;
    return ct_tape_equals(ct_tape_get(t->all[i].object, "type"), "Building") ? i : NONE;
}

// It becomes a storey of the building of its first member, if it has no parent yet.
static ct_err link_storey(table *t, size_t i) {
    entry *e = &t->all[i];
    ct_tape_walk w = ct_tape_begin(e->children, CT_TAPE_ARRAY);
    if (!tells_storey(t, e)) return CT_OK;
    for (const ct_tape_value *member; (member = ct_tape_next(&w));) {
        size_t at;
        CT_TRY(find(&at, t, member));
        const size_t building = at == NONE || at == i ? NONE : building_of(t, at);
        if (building == NONE || building == at) continue;
        if (e->parent == NONE) adopt(t, building, i);
        if (building_of(t, i) != building) continue;
        e->storey = true;
        t->all[at].in = e->id;
    }
    return CT_OK;
}

static ct_err read_geometries(ct_cityjson__document *d, ct_city__object *o,
                              const ct_tape_value *object) {
    enum { LOD4 = 4 };
    const ct_tape_value *list = ct_tape_get(object, "geometry");
    const ct_cityjson__points points = {d->vertices, d->n_vertices};
    ct_tape_walk w = ct_tape_begin(list, CT_TAPE_ARRAY);
    if (list && list->kind != CT_TAPE_ARRAY)
        return ct_fail(CT_PARSE, "geometry: an array expected");
    const ct_tape_value *geometry;
    ct_tape_walk finer = ct_tape_begin(ct_cityjson__lod4(object), CT_TAPE_ARRAY);
    const ct_tape_value *next = ct_tape_next(&finer);
    for (size_t i = 0; (geometry = ct_tape_next(&w)); i++) {
        const size_t before = o->n_shapes;
        CT_TRY(ct_context(ct_cityjson__geometry(d, o, d->r.family, &points, geometry),
                          "geometry[%zu]", i));
        if (!next || next->kind != CT_TAPE_INTEGER || next->as.integer != (int64_t)i) continue;
        for (size_t k = before; k < o->n_shapes; k++) o->shapes[k].lod = LOD4;
        next = ct_tape_next(&finer);
    }
    return CT_OK;
}

// Members of a group, by their ids.
static ct_err read_members(ct_cityjson__document *d, ct_city__object *o,
                           const ct_tape_value *members) {
    ct_tape_walk w = ct_tape_begin(members, CT_TAPE_ARRAY);
    const ct_tape_value *member;
    for (size_t i = 0; (member = ct_tape_next(&w)); i++) {
        ct_property p = {.set = "members", .unit = ""};
        CT_TRY(ct_cityjson__value(&p, d->r.family, member));
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
    CT_TRY(ct_tape_get_string(&type, d->r.family, e->object, "type", "object"));
    o->type = e->storey ? "BuildingStorey" : type;
    o->storey_id = e->in;
    CT_TRY(ct_cityjson__own(d, o, e->object));
    CT_TRY(ct_cityjson__attributes(d, o, e->object));
    if (e->group && !e->storey) CT_TRY(read_members(d, o, e->children));
    CT_TRY(read_geometries(d, o, e->object));
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
    return r->deliver(r, root);
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

static void fill_one(entry *e, const char *id, const ct_tape_value *object) {
    *e = (entry){
        .id = id, .object = object, .parent = NONE, .child = NONE, .last = NONE, .next = NONE};
    ct_tape_walk w = ct_tape_begin(object, CT_TAPE_OBJECT);
    for (const ct_tape_value *key, *value; (key = ct_tape_next(&w));) {
        value = ct_tape_next(&w);
        if (ct_tape_equals(key, "parents")) e->parents = value;
        if (ct_tape_equals(key, "children") || ct_tape_equals(key, "members")) // members: of 1.0
            e->children = value;
        if (ct_tape_equals(key, "type")) e->group = ct_tape_equals(value, "CityObjectGroup");
    }
}

static ct_err fill(table *t, const ct_tape_value *objects) {
    ct_tape_walk w = ct_tape_begin(objects, CT_TAPE_OBJECT);
    for (const ct_tape_value *key, *value; (key = ct_tape_next(&w));) {
        const char *id = ct_tape_dup(t->d->texts, key);
        if (!id) return CT_NOMEM;
        value = ct_tape_next(&w);
        if (value->kind != CT_TAPE_OBJECT)
            return ct_fail(CT_PARSE, "CityObjects/%.100s: an object expected", id);
        fill_one(&t->all[t->n++], id, value);
    }
    return CT_OK;
}

// Objects by their ids, where some have parents or children.
static ct_err link_all(table *t) {
    bool linked = false;
    for (size_t i = 0; i < t->n && !linked; i++) linked = t->all[i].parents || t->all[i].children;
    if (!linked) return CT_OK;
    t->index = ct_strmap_new(t->n);
    if (!t->index) return CT_NOMEM;
    for (size_t i = 0; i < t->n; i++) CT_TRY(ct_strmap_put(t->index, t->all[i].id, i));
    CT_TRY(link_tree(t));
    for (size_t i = 0; i < t->n; i++)
        if (t->all[i].group) CT_TRY(link_storey(t, i));
    return CT_OK;
}

ct_err ct_cityjson__objects(ct_cityjson__document *d, const ct_tape_value *root) {
    const ct_tape_value *objects = ct_tape_get(root, "CityObjects");
    if (!ct_tape_is(objects, CT_TAPE_OBJECT))
        return ct_fail(CT_PARSE, "CityObjects: an object expected");
    table t = {.d = d, .all = ct_arena_alloc(d->texts, ((size_t)objects->n + 1) * sizeof *t.all)};
    ct_err err = t.all ? fill(&t, objects) : CT_NOMEM;
    if (err == CT_OK) err = link_all(&t);
    ct_strmap_free(t.index);
    return err == CT_OK ? deliver_all(&t) : err;
}
