// From the JSON of the catalogue (data/schemas/catalogue.schema.json) to classes, attributes and
// codes. Everything is copied into the catalogue's arena, so that the documents need not live on.
#include "model/catalogue_read.h"

#include <string.h>

enum { MAX_ATTRS = 64, MAX_CODES = 256, MAX_NAME = 63 };

// Names that mean something else beside an attribute in tables, documents and web queries.
static const char *const reserved[] = {"fid",   "id",    "source_id", "geom",   "geometry",
                                       "bbox",  "limit", "datetime",  "crs",    "f",
                                       "after", "lang",  "scenario",  "filter", NULL};

static bool name_ok(const char *name) {
    if (name[0] < 'a' || name[0] > 'z') return false;
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return name[n] == '\0' && n <= MAX_NAME;
}

static bool reserved_name(const char *name) {
    for (const char *const *r = reserved; *r; r++)
        if (strcmp(name, *r) == 0) return true;
    return false;
}

static ct_err copy(const char **out, ct_arena *arena, const char *text) {
    char *mine = ct_arena_strdup(arena, text);
    if (!mine) return CT_NOMEM;
    *out = mine;
    return CT_OK;
}

static ct_err read_string(const char **out, ct_arena *arena, const json_t *object, const char *key,
                          const char *where) {
    const char *text = NULL;
    CT_TRY(ct_json_get_string(&text, object, key, where));
    if (!*text) return ct_fail(CT_PARSE, "%s: \"%s\" is empty", where, key);
    return copy(out, arena, text);
}

static ct_err read_name(const char **out, ct_arena *arena, const json_t *object, const char *key,
                        const char *where) {
    const char *text = NULL;
    CT_TRY(ct_json_get_string(&text, object, key, where));
    if (!name_ok(text))
        return ct_fail(CT_PARSE, "%s: \"%s\" is no name (a-z, 0-9 and _, at most %d)", where, text,
                       MAX_NAME);
    return copy(out, arena, text);
}

// Like read_name, but the key may be missing: NULL then.
static ct_err read_name_or_null(const char **out, ct_arena *arena, const json_t *object,
                                const char *key, const char *where) {
    if (!json_object_get(object, key)) {
        *out = NULL;
        return CT_OK;
    }
    return read_name(out, arena, object, key, where);
}

static ct_err read_texts(const char **en, const char **zh, ct_arena *arena, const json_t *object,
                         const char *key) {
    static const char *const languages[] = {"en", "zh", NULL};
    const json_t *texts = json_object_get(object, key);
    if (!json_is_object(texts))
        return ct_fail(CT_PARSE, "%s: an object with \"en\" and \"zh\" expected", key);
    CT_TRY(ct_json_only(texts, languages, key));
    CT_TRY(read_string(en, arena, texts, "en", key));
    return read_string(zh, arena, texts, "zh", key);
}

static ct_err read_code(ct_code *out, ct_arena *arena, const json_t *object) {
    static const char *const keys[] = {"value", "title", "description", NULL};
    if (!json_is_object(object)) return ct_fail(CT_PARSE, "an object expected");
    CT_TRY(ct_json_only(object, keys, "code"));
    CT_TRY(read_string(&out->value, arena, object, "value", "code"));
    CT_TRY(read_texts(&out->title_en, &out->title_zh, arena, object, "title"));
    return read_texts(&out->description_en, &out->description_zh, arena, object, "description");
}

static ct_err read_codes(ct_attr *attr, ct_arena *arena, const json_t *array) {
    size_t n = json_array_size(array);
    if (n == 0 || n > MAX_CODES)
        return ct_fail(CT_PARSE, "codes: a list of 1 to %d expected", MAX_CODES);
    if (attr->type != CT_ATTR_TEXT) return ct_fail(CT_PARSE, "codes: only texts have codes");
    ct_code *codes = ct_arena_calloc(arena, n, sizeof *codes);
    if (!codes) return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        CT_TRY(ct_context(read_code(&codes[i], arena, json_array_get(array, i)), "codes[%zu]", i));
        for (size_t k = 0; k < i; k++)
            if (strcmp(codes[k].value, codes[i].value) == 0)
                return ct_fail(CT_EXISTS, "codes[%zu]: \"%s\" is there twice", i, codes[i].value);
    }
    attr->codes = codes;
    attr->n_codes = n;
    return CT_OK;
}

static ct_err read_type(ct_attr_type *out, const json_t *object) {
    const char *text = NULL;
    CT_TRY(ct_json_get_string(&text, object, "type", "type"));
    for (int t = CT_ATTR_TEXT; t <= CT_ATTR_DATETIME; t++) {
        if (strcmp(text, ct_attr_type_name((ct_attr_type)t)) == 0) {
            *out = (ct_attr_type)t;
            return CT_OK;
        }
    }
    return ct_fail(CT_PARSE, "type: unknown type \"%s\"", text);
}

static ct_err read_bounds(ct_attr *attr, const json_t *object) {
    attr->has_min = json_object_get(object, "min") != NULL;
    attr->has_max = json_object_get(object, "max") != NULL;
    CT_TRY(ct_json_number_or(&attr->min, object, "min", 0, -1e300, 1e300, "bounds"));
    CT_TRY(ct_json_number_or(&attr->max, object, "max", 0, -1e300, 1e300, "bounds"));
    if ((attr->has_min || attr->has_max) && attr->type != CT_ATTR_INTEGER &&
        attr->type != CT_ATTR_REAL)
        return ct_fail(CT_PARSE, "min, max: only numbers have bounds");
    if (attr->has_min && attr->has_max && attr->min > attr->max)
        return ct_fail(CT_RANGE, "min %g is above max %g", attr->min, attr->max);
    return CT_OK;
}

// All but the name, which stands in the messages.
static ct_err read_attr_body(ct_attr *attr, ct_arena *arena, const json_t *object) {
    static const char *const keys[] = {"name",        "type",       "unit",     "title",
                                       "description", "required",   "personal", "min",
                                       "max",         "references", "codes",    NULL};
    if (reserved_name(attr->name)) return ct_fail(CT_EXISTS, "the name is reserved");
    CT_TRY(ct_json_only(object, keys, "fields"));
    CT_TRY(read_type(&attr->type, object));
    if (json_object_get(object, "unit"))
        CT_TRY(read_string(&attr->unit, arena, object, "unit", "unit"));
    CT_TRY(read_texts(&attr->title_en, &attr->title_zh, arena, object, "title"));
    CT_TRY(read_texts(&attr->description_en, &attr->description_zh, arena, object, "description"));
    CT_TRY(ct_json_bool_or(&attr->required, object, "required", false, "flags"));
    CT_TRY(ct_json_bool_or(&attr->personal, object, "personal", false, "flags"));
    CT_TRY(read_bounds(attr, object));
    CT_TRY(read_name_or_null(&attr->references, arena, object, "references", "references"));
    if (attr->references && attr->type != CT_ATTR_TEXT)
        return ct_fail(CT_PARSE, "references: only texts refer to features");
    const json_t *codes = json_object_get(object, "codes");
    return codes ? read_codes(attr, arena, codes) : CT_OK;
}

ct_err ct_model__read_attrs(const ct_attr **out, size_t *n_out, ct_arena *arena,
                            const json_t *array, const ct_attr *common, size_t n_common) {
    size_t n = json_array_size(array);
    if (!json_is_array(array) || n + n_common > MAX_ATTRS)
        return ct_fail(CT_PARSE, "attributes: a list of at most %d expected", MAX_ATTRS);
    ct_attr *attrs = ct_arena_calloc(arena, n + n_common, sizeof *attrs);
    if (!attrs) return CT_NOMEM;
    if (n_common) memcpy(attrs, common, n_common * sizeof *attrs);
    for (size_t i = 0; i < n; i++) {
        ct_attr *attr = &attrs[n_common + i];
        const json_t *object = json_array_get(array, i);
        ct_err err = read_name(&attr->name, arena, object, "name", "name");
        CT_TRY(ct_context(err, "attributes[%zu]", i));
        CT_TRY(ct_context(read_attr_body(attr, arena, object), "attribute %s", attr->name));
        for (const ct_attr *other = attrs; other < attr; other++)
            if (strcmp(other->name, attr->name) == 0)
                return ct_fail(CT_EXISTS, "attribute %s is there twice", attr->name);
    }
    *out = attrs;
    *n_out = n + n_common;
    return CT_OK;
}

static ct_err read_geometry(ct_class *cls, const json_t *object) {
    const char *text = NULL;
    CT_TRY(ct_json_get_string(&text, object, "geometry", "geometry"));
    cls->geometry = strcmp(text, "None") == 0 ? CT_GEOM_NONE : ct_geom_type_of_name(text);
    if (cls->geometry == CT_GEOM_NONE && strcmp(text, "None") != 0)
        return ct_fail(CT_PARSE, "geometry: unknown type \"%s\"", text);
    return ct_json_bool_or(&cls->has_z, object, "z", false, "geometry");
}

static ct_err read_time(ct_class *cls, const json_t *object) {
    const char *name = NULL;
    CT_TRY(ct_json_string_or(&name, object, "time", NULL, "time"));
    if (!name) return CT_OK;
    int i = ct_class_attr(cls, name);
    if (i < 0 || cls->attrs[i].type != CT_ATTR_DATETIME)
        return ct_fail(CT_NOTFOUND, "time: \"%s\" is no attribute of type datetime", name);
    cls->time_attr = cls->attrs[i].name;
    return CT_OK;
}

// All but the name, which stands in the messages.
static ct_err read_class_body(ct_class *cls, ct_arena *arena, const json_t *object,
                              const ct_attr *common, size_t n_common) {
    static const char *const keys[] = {"name",     "collection", "title",  "description",
                                       "geometry", "z",          "parent", "grade",
                                       "time",     "attributes", NULL};
    CT_TRY(ct_json_only(object, keys, "fields"));
    CT_TRY(read_name(&cls->collection, arena, object, "collection", "collection"));
    CT_TRY(read_texts(&cls->title_en, &cls->title_zh, arena, object, "title"));
    CT_TRY(read_texts(&cls->description_en, &cls->description_zh, arena, object, "description"));
    CT_TRY(read_geometry(cls, object));
    CT_TRY(read_name_or_null(&cls->parent, arena, object, "parent", "parent"));
    double grade = 0;
    CT_TRY(ct_json_get_number(&grade, object, "grade", 1, 7, "grade"));
    cls->grade = (int)grade;
    const json_t *attrs = json_object_get(object, "attributes");
    CT_TRY(ct_model__read_attrs(&cls->attrs, &cls->n_attrs, arena, attrs, common, n_common));
    return read_time(cls, object);
}

ct_err ct_model__read_class(ct_class *out, ct_arena *arena, const json_t *object,
                            const ct_attr *common, size_t n_common) {
    ct_class cls = {0};
    if (!json_is_object(object)) return ct_fail(CT_PARSE, "an object expected");
    CT_TRY(read_name(&cls.name, arena, object, "name", "name"));
    ct_err err = read_class_body(&cls, arena, object, common, n_common);
    CT_TRY(ct_context(err, "class %s", cls.name));
    *out = cls;
    return CT_OK;
}
