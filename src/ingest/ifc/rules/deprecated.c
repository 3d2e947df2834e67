// IFC102: entities, attributes and enumerators that a schema has given up, by the list
// data/ifc/deprecated.txt.
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "ingest/ifc/rules/check.h"

enum { MAX_BYTES = 1 << 18 };

// Instances of the entity itself, not of its subtypes.
static ct_err judge_entity(ct_ifc__check *c, const char *name) {
    const ct_ifc__model *m = c->m;
    const ct_ifc__entity entity = ct_ifc__entity_named(m->schema, name);
    for (uint32_t t = 0; entity != CT_IFC__NO_ENTITY && t < ct_step__n_types(m->step); t++) {
        const uint32_t n = m->type_start[t + 1] - m->type_start[t];
        if (m->entities[t] == entity && n)
            ct_ifc__fails(c, m->order[m->type_start[t]], "the entity is deprecated (%u instances)",
                          n);
    }
    return CT_OK;
}

// An attribute that is filled, or has the value.
static ct_err judge_attribute(ct_ifc__check *c, const char *name, const char *attribute,
                              const char *value) {
    ct_ifc__slots all;
    CT_TRY(ct_ifc__all(&all, c->arena, c->m, ct_ifc__entity_named(c->m->schema, name)));
    for (size_t i = 0; i < all.n; i++) {
        if (!value && ct_ifc__filled(c, all.at[i], attribute))
            ct_ifc__fails(c, all.at[i], "%s is deprecated", attribute);
        if (value && ct_ifc__text_is(c, all.at[i], attribute, value))
            ct_ifc__fails(c, all.at[i], "%s of %s is deprecated", value, attribute);
    }
    return CT_OK;
}

static bool has_version(const char *list, ct_ifc__version version) {
    static const char *const names[] = {"2X3", "4", "4X3"};
    const size_t n = strlen(names[version]);
    for (const char *at = list;; at++) {
        const size_t length = strcspn(at, ",");
        if (length == n && strncmp(at, names[version], n) == 0) return true;
        at += length;
        if (!*at) return false;
    }
}

// "4,4X3 Entity", "4X3 Entity.Attribute", "4X3 Entity.Attribute=VALUE".
static ct_err judge_line(ct_ifc__check *c, char *line) {
    char *name = strchr(line, ' ');
    if (*line == '#' || !name) return CT_OK;
    *name++ = '\0';
    if (!has_version(line, c->m->version)) return CT_OK;
    char *attribute = strchr(name, '.'), *value = strchr(name, '=');
    if (attribute) *attribute++ = '\0';
    if (value) *value++ = '\0';
    return attribute ? judge_attribute(c, name, attribute, value) : judge_entity(c, name);
}

static ct_err ifc102(ct_ifc__check *c) {
    char *path = NULL, *text = NULL, *rest = NULL;
    size_t n = 0;
    c->judged = true;
    CT_TRY(ct_data_path(&path, "ifc/deprecated.txt"));
    ct_err err = ct_file_read(&text, &n, path, MAX_BYTES);
    ct_free(path);
    CT_TRY(err);
    for (char *line = strtok_r(text, "\n", &rest); err == CT_OK && line;
         line = strtok_r(NULL, "\n", &rest))
        err = judge_line(c, line);
    ct_free(text);
    return err;
}

const ct_ifc__rule ct_ifc__rules_deprecated[] = {
    {"IFC102", false, CT_IFC__IN_ALL, ifc102},
    {NULL, false, 0, NULL},
};
