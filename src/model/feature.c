// Features: making, copying, reading and setting values by name, and text ids.
#include "model/feature.h"

#include <string.h>

ct_err ct_feature_new(ct_feature *out, ct_arena *arena, const ct_class *cls) {
    ct_value *values =
        ct_arena_calloc(arena, cls->n_attrs, sizeof *values); // zero is CT_VALUE_NULL
    if (!values) return CT_NOMEM;
    *out = (ct_feature){.cls = cls, .values = values};
    return CT_OK;
}

static ct_err copy_text(const char **out, ct_arena *arena, const char *text) {
    *out = NULL;
    if (!text) return CT_OK;
    *out = ct_arena_strdup(arena, text);
    return *out ? CT_OK : CT_NOMEM;
}

ct_err ct_feature_copy(ct_feature *out, ct_arena *arena, const ct_feature *f) {
    ct_feature copy = {0};
    CT_TRY(ct_feature_new(&copy, arena, f->cls));
    copy.fid = f->fid;
    CT_TRY(copy_text(&copy.id, arena, f->id));
    CT_TRY(copy_text(&copy.source_id, arena, f->source_id));
    CT_TRY(ct_geom_copy(&copy.geom, arena, &f->geom));
    for (size_t i = 0; i < f->cls->n_attrs; i++) {
        copy.values[i] = f->values[i];
        if (f->values[i].kind == CT_VALUE_TEXT)
            CT_TRY(copy_text(&copy.values[i].as.text, arena, f->values[i].as.text));
    }
    *out = copy;
    return CT_OK;
}

const ct_value *ct_feature_get(const ct_feature *f, const char *attr) {
    int i = ct_class_attr(f->cls, attr);
    return i < 0 ? NULL : &f->values[i];
}

double ct_feature_number(const ct_feature *f, const char *attr, double otherwise) {
    const ct_value *value = ct_feature_get(f, attr);
    if (value && value->kind == CT_VALUE_REAL) return value->as.real;
    if (value && value->kind == CT_VALUE_INTEGER) return (double)value->as.integer;
    return otherwise;
}

const char *ct_feature_text(const ct_feature *f, const char *attr, const char *otherwise) {
    const ct_value *value = ct_feature_get(f, attr);
    return value && value->kind == CT_VALUE_TEXT ? value->as.text : otherwise;
}

bool ct_feature_bool(const ct_feature *f, const char *attr, bool otherwise) {
    const ct_value *value = ct_feature_get(f, attr);
    return value && value->kind == CT_VALUE_BOOLEAN ? value->as.boolean : otherwise;
}

static ct_err find_attr(int *out, const ct_feature *f, const char *attr) {
    *out = ct_class_attr(f->cls, attr);
    if (*out < 0) return ct_fail(CT_ARG, "%s: class %s has no such attribute", attr, f->cls->name);
    return CT_OK;
}

ct_err ct_feature_set_text(ct_feature *f, const char *attr, const char *text) {
    int i = 0;
    CT_TRY(find_attr(&i, f, attr));
    ct_attr_type type = f->cls->attrs[i].type;
    if (type != CT_ATTR_TEXT && type != CT_ATTR_DATETIME)
        return ct_fail(CT_ARG, "%s: %s expected, found a text", attr, ct_attr_type_name(type));
    f->values[i] = (ct_value){.kind = text ? CT_VALUE_TEXT : CT_VALUE_NULL, .as.text = text};
    return CT_OK;
}

ct_err ct_feature_set_number(ct_feature *f, const char *attr, double value) {
    int i = 0;
    CT_TRY(find_attr(&i, f, attr));
    return ct_value_from_number(&f->values[i], &f->cls->attrs[i], value);
}

ct_err ct_feature_set_bool(ct_feature *f, const char *attr, bool value) {
    int i = 0;
    CT_TRY(find_attr(&i, f, attr));
    ct_attr_type type = f->cls->attrs[i].type;
    if (type != CT_ATTR_BOOLEAN)
        return ct_fail(CT_ARG, "%s: %s expected, found true or false", attr,
                       ct_attr_type_name(type));
    f->values[i] = (ct_value){.kind = CT_VALUE_BOOLEAN, .as.boolean = value};
    return CT_OK;
}

static bool id_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '~' || c == '-';
}

bool ct_id_ok(const char *id) {
    size_t n = 0;
    while (n < CT_ID_MAX && id_char(id[n])) n++;
    return n > 0 && n < CT_ID_MAX && id[n] == '\0';
}

ct_err ct_id_encode(char out[CT_ID_MAX], const char *text) {
    static const char digits[] = "0123456789abcdef";
    char id[CT_ID_MAX];
    size_t n = 0;
    if (!*text) return ct_fail(CT_ARG, "an empty text makes no id");
    for (const char *c = text; *c; c++) {
        // '~' itself is written out too, so that different texts give different ids.
        bool plain = id_char(*c) && *c != '~';
        if (n + (plain ? 1 : 3) >= CT_ID_MAX)
            return ct_fail(CT_LIMIT, "\"%.32s...\" is too long for an id", text);
        if (plain) {
            id[n++] = *c;
        } else {
            id[n++] = '~';
            id[n++] = digits[(unsigned char)*c >> 4];
            id[n++] = digits[(unsigned char)*c & 15];
        }
    }
    id[n] = '\0';
    memcpy(out, id, n + 1);
    return CT_OK;
}
