// Change sets: the edits of a JSON document, each checked and brought into the twin's CRS, at most
// one a feature.
#include "model/changeset.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "geo/crs.h"

enum { ARENA_BLOCK = 64 << 10, ARENA_MAX = 512 << 20, MAX_POINTS = 1000000 };

struct ct_changeset {
    ct_arena *arena;
    json_t *properties; // array that keeps the property objects of SET edits alive
    ct_edit *edits;
    size_t n;
    uint32_t *slots; // hash table of ids: number of the last edit with the id, plus 1; 0 = free
    size_t n_slots;  // a power of two, at least twice the number of edits
};

typedef struct parser {
    ct_changeset *set;
    const ct_catalogue *catalogue;
    const char *twin_crs;
} parser;

// The slot of the id, or the free one where it belongs.
static uint32_t *slot_of(const ct_changeset *set, const char *id) {
    size_t at = ct_hash_bytes(id, strlen(id)).low & (set->n_slots - 1);
    while (set->slots[at] && strcmp(set->edits[set->slots[at] - 1].id, id) != 0)
        at = (at + 1) & (set->n_slots - 1);
    return &set->slots[at];
}

static ct_err read_op(ct_edit_op *out, const json_t *object) {
    static const char *const names[] = {"add", "set", "remove"};
    const char *text = NULL;
    CT_TRY(ct_json_get_string(&text, object, "op", "edit"));
    for (int op = 0; op < 3; op++) {
        if (strcmp(text, names[op]) != 0) continue;
        *out = (ct_edit_op)op;
        return CT_OK;
    }
    return ct_fail(CT_PARSE, "op: \"%.32s\" is not one of add, set, remove", text);
}

static ct_err read_id(const char **out, const parser *p, const json_t *object, bool required) {
    const char *id = NULL;
    CT_TRY(ct_json_string_or(&id, object, "id", NULL, "edit"));
    *out = NULL;
    if (!id && !required) return CT_OK;
    if (!id) return ct_fail(CT_PARSE, "id: it is missing");
    if (!ct_id_ok(id))
        return ct_fail(CT_PARSE, "id: \"%.140s\" is not 1 to %d of A-Z a-z 0-9 . _ ~ -", id,
                       CT_ID_MAX - 1);
    *out = ct_arena_strdup(p->set->arena, id);
    return *out ? CT_OK : CT_NOMEM;
}

static ct_err read_geometry(ct_geom *out, const parser *p, const json_t *object) {
    const char *crs = NULL;
    ct_transform *transform = NULL;
    ct_geom geom = {0};
    const json_t *geometry = json_object_get(object, "geometry");
    CT_TRY(ct_json_string_or(&crs, object, "crs", CT_CRS_CRS84, "edit"));
    CT_TRY(
        ct_context(ct_geom_from_geojson(&geom, p->set->arena, geometry, MAX_POINTS), "geometry"));
    if (geom.type != CT_GEOM_NONE) {
        CT_TRY(ct_context(ct_transform_get(&transform, crs, p->twin_crs), "crs"));
        CT_TRY(ct_context(ct_transform_place(transform, p->twin_crs, geom.xyz[0], geom.xyz[1]),
                          "geometry"));
        CT_TRY(ct_context(ct_transform_geom(transform, &geom), "geometry"));
    }
    *out = geom;
    return CT_OK;
}

static ct_err set_properties(ct_feature *f, ct_arena *arena, const json_t *properties) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)properties, key, value) {
        int i = ct_class_attr(f->cls, key);
        if (i < 0)
            return ct_fail(CT_PARSE, "properties: class %s has no attribute \"%.64s\"",
                           f->cls->name, key);
        ct_err err = ct_value_from_json(&f->values[i], arena, &f->cls->attrs[i], value);
        CT_TRY(ct_context(err, "properties"));
    }
    return CT_OK;
}

static ct_err get_properties(const json_t **out, const json_t *object) {
    *out = json_object_get(object, "properties");
    if (*out && !json_is_object(*out)) return ct_fail(CT_PARSE, "properties: an object expected");
    return CT_OK;
}

static ct_err read_add(ct_edit *edit, const parser *p, const json_t *object) {
    static const char *const keys[] = {"op", "class", "id", "geometry", "crs", "properties", NULL};
    const char *name = NULL;
    const json_t *properties = NULL;
    CT_TRY(ct_json_only(object, keys, "edit"));
    CT_TRY(ct_json_get_string(&name, object, "class", "edit"));
    const ct_class *cls = ct_catalogue_by_name(p->catalogue, name);
    if (!cls) return ct_fail(CT_PARSE, "class: there is no class \"%.64s\"", name);
    CT_TRY(get_properties(&properties, object));
    CT_TRY(ct_feature_new(&edit->feature, p->set->arena, cls));
    CT_TRY(read_id(&edit->id, p, object, false));
    edit->feature.id = edit->id;
    if (json_object_get(object, "geometry")) CT_TRY(read_geometry(&edit->feature.geom, p, object));
    if (properties) CT_TRY(set_properties(&edit->feature, p->set->arena, properties));
    return ct_feature_check(&edit->feature, p->set->arena);
}

static ct_err read_set(ct_edit *edit, const parser *p, const json_t *object) {
    static const char *const keys[] = {"op", "id", "geometry", "crs", "properties", NULL};
    CT_TRY(ct_json_only(object, keys, "edit"));
    CT_TRY(read_id(&edit->id, p, object, true));
    CT_TRY(get_properties(&edit->properties, object));
    edit->has_geometry = json_object_get(object, "geometry") != NULL;
    if (!edit->has_geometry && !edit->properties)
        return ct_fail(CT_PARSE, "neither properties nor a geometry to set");
    if (edit->properties) {
        // A copy, since the caller may change its document later on.
        json_t *own = ct_json_copy(edit->properties);
        if (!own || json_array_append_new(p->set->properties, own) != 0)
            return ct_fail(CT_NOMEM, "out of memory");
        edit->properties = own;
    }
    return edit->has_geometry ? read_geometry(&edit->feature.geom, p, object) : CT_OK;
}

static ct_err read_edit(ct_edit *edit, const parser *p, const json_t *object) {
    static const char *const remove_keys[] = {"op", "id", NULL};
    if (!json_is_object(object)) return ct_fail(CT_PARSE, "an object expected");
    CT_TRY(read_op(&edit->op, object));
    switch (edit->op) {
    case CT_EDIT_ADD: return read_add(edit, p, object);
    case CT_EDIT_SET: return read_set(edit, p, object);
    case CT_EDIT_REMOVE:
        CT_TRY(ct_json_only(object, remove_keys, "edit"));
        return read_id(&edit->id, p, object, true);
    }
    return CT_INTERNAL;
}

// A second SET after a first one: its properties win, its geometry replaces.
static ct_err merge_sets(ct_edit *first, const ct_edit *second) {
    if (second->has_geometry) {
        first->has_geometry = true;
        first->feature.geom = second->feature.geom;
    }
    if (!second->properties) return CT_OK;
    if (!first->properties) {
        first->properties = second->properties;
        return CT_OK;
    }
    // The first one's object is the set's own copy (read_set).
    if (json_object_update((json_t *)first->properties, (json_t *)second->properties) != 0)
        return ct_fail(CT_NOMEM, "out of memory");
    return CT_OK;
}

static void append(ct_changeset *set, const ct_edit *edit) {
    set->edits[set->n++] = *edit;
    if (edit->id) *slot_of(set, edit->id) = (uint32_t)set->n;
}

// Takes the edit into the set, folded with an earlier one of the same id. An ADD that was removed
// again stays as an edit without effect (a REMOVE with a class) until `compact`.
static ct_err fold(ct_changeset *set, const ct_edit *edit) {
    uint32_t last = edit->id ? *slot_of(set, edit->id) : 0;
    if (!last) {
        append(set, edit);
        return CT_OK;
    }
    ct_edit *before = &set->edits[last - 1];
    if (before->op == CT_EDIT_REMOVE) {
        if (edit->op != CT_EDIT_ADD)
            return ct_fail(CT_NOTFOUND, "id: an earlier edit removed \"%s\"", edit->id);
        append(set, edit);
        return CT_OK;
    }
    switch (edit->op) {
    case CT_EDIT_ADD: return ct_fail(CT_EXISTS, "id: an earlier edit names \"%s\" too", edit->id);
    case CT_EDIT_SET:
        if (before->op == CT_EDIT_SET) return merge_sets(before, edit);
        return ct_edit_apply(&before->feature, set->arena, edit, &before->feature);
    case CT_EDIT_REMOVE:
        before->properties = NULL;
        before->has_geometry = false;
        before->op = CT_EDIT_REMOVE;
        return CT_OK;
    }
    return CT_INTERNAL;
}

// Drops the additions that were removed again and makes the table of ids anew.
static void compact(ct_changeset *set) {
    size_t n = set->n;
    set->n = 0;
    memset(set->slots, 0, set->n_slots * sizeof *set->slots);
    for (size_t i = 0; i < n; i++) {
        ct_edit edit = set->edits[i];
        bool undone = edit.op == CT_EDIT_REMOVE && edit.feature.cls != NULL;
        if (!undone) append(set, &edit);
    }
}

static ct_err prepare(ct_changeset *set, size_t n) {
    set->n_slots = 16;
    while (set->n_slots < 2 * n) set->n_slots *= 2;
    set->arena = ct_arena_new(ARENA_BLOCK, ARENA_MAX);
    set->edits = ct_calloc(n, sizeof *set->edits);
    set->slots = ct_calloc(set->n_slots, sizeof *set->slots);
    set->properties = json_array();
    if (!set->properties) return ct_fail(CT_NOMEM, "out of memory");
    return set->arena && set->edits && set->slots ? CT_OK : CT_NOMEM;
}

ct_err ct_changeset_parse(ct_changeset **out, const ct_catalogue *catalogue, const json_t *edits,
                          const char *twin_crs) {
    if (!json_is_array(edits)) return ct_fail(CT_PARSE, "edits: an array expected");
    size_t n = json_array_size(edits);
    if (n > CT_CHANGESET_MAX_EDITS)
        return ct_fail(CT_LIMIT, "edits: %zu of them, at most %d are taken", n,
                       CT_CHANGESET_MAX_EDITS);
    ct_changeset *set = ct_calloc(1, sizeof *set);
    if (!set) return CT_NOMEM;
    const parser p = {.set = set, .catalogue = catalogue, .twin_crs = twin_crs};
    ct_err err = prepare(set, n);
    for (size_t i = 0; i < n && err == CT_OK; i++) {
        ct_edit edit = {0};
        err = read_edit(&edit, &p, json_array_get(edits, i));
        if (err == CT_OK) err = fold(set, &edit);
        err = ct_context(err, "edits[%zu]", i);
    }
    if (err != CT_OK) {
        ct_changeset_free(set);
        return err;
    }
    compact(set);
    *out = set;
    return CT_OK;
}

void ct_changeset_free(ct_changeset *set) {
    if (!set) return;
    json_decref(set->properties);
    ct_free(set->slots);
    ct_free(set->edits);
    ct_arena_free(set->arena);
    ct_free(set);
}

size_t ct_changeset_count(const ct_changeset *set) {
    return set->n;
}

const ct_edit *ct_changeset_at(const ct_changeset *set, size_t index) {
    return index < set->n ? &set->edits[index] : NULL;
}

const ct_edit *ct_changeset_find(const ct_changeset *set, const char *id) {
    uint32_t last = *slot_of(set, id);
    return last ? &set->edits[last - 1] : NULL;
}

ct_err ct_edit_apply(ct_feature *out, ct_arena *arena, const ct_edit *edit,
                     const ct_feature *base) {
    ct_feature f = {0};
    if (edit->op != CT_EDIT_SET) return ct_fail(CT_ARG, "only a set edit changes a feature");
    CT_TRY(ct_feature_copy(&f, arena, base));
    if (edit->properties) CT_TRY(set_properties(&f, arena, edit->properties));
    if (edit->has_geometry) CT_TRY(ct_geom_copy(&f.geom, arena, &edit->feature.geom));
    CT_TRY(ct_feature_check(&f, arena));
    *out = f;
    return CT_OK;
}
