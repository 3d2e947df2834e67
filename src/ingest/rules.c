// Rules for tagged data: reading them, finding the one that fits, and filling attributes by it.
#include "ingest/rules.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "ingest/measure.h"

enum { MAX_RULES = 256, MAX_TAGS = 256, MAX_TESTS = 16, MAX_VALUES = 128, MAX_SOURCES = 8 };
enum { MAX_FILE_BYTES = 1 << 20, ARENA_BLOCK = 64 << 10, ARENA_MAX = 16 << 20 };

typedef struct test { // a tag that must (not) have one of these values
    size_t tag, n;    // n = 0: any value
    const char **values;
    bool negated;
} test;

typedef struct source { // where a value comes from
    bool has_tag;
    size_t tag;
    const char *constant; // instead of a tag
    ct_ingest__measure measure;
    double times;
    size_t n; // pairs of `map`; 0 = the text itself
    const char **map;
} source;

typedef struct value { // an attribute and its sources: the first that gives something wins
    int attr;
    size_t n;
    source *sources;
} value;

struct ct_ingest__rule {
    const ct_class *cls;
    size_t n_tests, n_values;
    test *tests;
    value *values;
};

struct ct_ingest__rules {
    ct_arena *arena;
    size_t n_rules, n_tags;
    ct_ingest__rule rules[MAX_RULES];
    const char *tags[MAX_TAGS];
};

// ---- reading ------------------------------------------------------------------------------------

static ct_err copy(const char **out, ct_arena *arena, const char *text) {
    *out = ct_arena_strdup(arena, text);
    return *out ? CT_OK : CT_NOMEM;
}

static ct_err number_of_tag(size_t *out, ct_ingest__rules *rules, const char *tag) {
    for (size_t i = 0; i < rules->n_tags; i++) {
        if (strcmp(rules->tags[i], tag) != 0) continue;
        *out = i;
        return CT_OK;
    }
    if (rules->n_tags == MAX_TAGS) return ct_fail(CT_LIMIT, "more than %d tags", MAX_TAGS);
    CT_TRY(copy(&rules->tags[rules->n_tags], rules->arena, tag));
    *out = rules->n_tags++;
    return CT_OK;
}

// "*", "value" or ["value", ...]
static ct_err read_accepted(test *t, ct_ingest__rules *rules, const json_t *json) {
    size_t n = json_is_string(json) ? 1 : json_array_size(json);
    if (json_is_string(json) && strcmp(json_string_value(json), "*") == 0) return CT_OK;
    if (n == 0 || n > MAX_VALUES)
        return ct_fail(CT_PARSE, "\"*\", a text or a list of 1 to %d texts expected", MAX_VALUES);
    t->values = ct_arena_calloc(rules->arena, n, sizeof *t->values);
    if (!t->values) return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_is_string(json) ? json : json_array_get(json, i);
        if (!json_is_string(one)) return ct_fail(CT_PARSE, "value %zu is no text", i);
        CT_TRY(copy(&t->values[i], rules->arena, json_string_value(one)));
    }
    t->n = n;
    return CT_OK;
}

static ct_err read_tests(ct_ingest__rule *rule, ct_ingest__rules *rules, const json_t *object,
                         const char *key, bool negated) {
    const json_t *tests = json_object_get(object, key);
    const char *tag;
    json_t *accepted;
    if (tests && !json_is_object(tests)) return ct_fail(CT_PARSE, "%s: an object expected", key);
    json_object_foreach((json_t *)tests, tag, accepted) {
        if (rule->n_tests == MAX_TESTS)
            return ct_fail(CT_LIMIT, "%s: more than %d conditions", key, MAX_TESTS);
        test *t = &rule->tests[rule->n_tests];
        t->negated = negated;
        CT_TRY(number_of_tag(&t->tag, rules, tag));
        CT_TRY(ct_context(read_accepted(t, rules, accepted), "%s: %s", key, tag));
        rule->n_tests++;
    }
    return CT_OK;
}

static ct_err read_map(source *s, ct_ingest__rules *rules, const json_t *map) {
    if (!map) return CT_OK;
    size_t n = json_object_size(map);
    if (n == 0 || n > MAX_VALUES)
        return ct_fail(CT_PARSE, "values: an object of 1 to %d texts expected", MAX_VALUES);
    s->map = ct_arena_calloc(rules->arena, 2 * n, sizeof *s->map);
    if (!s->map) return CT_NOMEM;
    const char *from;
    json_t *to;
    json_object_foreach((json_t *)map, from, to) {
        if (!json_is_string(to)) return ct_fail(CT_PARSE, "values: %s: a text expected", from);
        CT_TRY(copy(&s->map[2 * s->n], rules->arena, from));
        CT_TRY(copy(&s->map[2 * s->n + 1], rules->arena, json_string_value(to)));
        s->n++;
    }
    return CT_OK;
}

// {"tag": "building:levels", "as": "number", "times": 3} or {"value": "manhole"}
static ct_err read_source(source *s, ct_ingest__rules *rules, const json_t *object) {
    static const char *const keys[] = {"tag", "value", "as", "times", "values", NULL};
    const char *tag = NULL, *constant = NULL, *as = NULL;
    if (!json_is_object(object)) return ct_fail(CT_PARSE, "an object expected");
    CT_TRY(ct_json_only(object, keys, "source"));
    CT_TRY(ct_json_string_or(&tag, object, "tag", NULL, "source"));
    CT_TRY(ct_json_string_or(&constant, object, "value", NULL, "source"));
    CT_TRY(ct_json_string_or(&as, object, "as", "text", "source"));
    CT_TRY(ct_json_number_or(&s->times, object, "times", 1, 1e-9, 1e9, "source"));
    if (!tag == !constant) return ct_fail(CT_PARSE, "either \"tag\" or \"value\" expected");
    if (!ct_ingest__measure_named(&s->measure, as))
        return ct_fail(CT_PARSE, "as: unknown way to read \"%s\"", as);
    if (constant) return copy(&s->constant, rules->arena, constant);
    s->has_tag = true;
    CT_TRY(number_of_tag(&s->tag, rules, tag));
    return read_map(s, rules, json_object_get(object, "values"));
}

static ct_err read_sources(value *v, ct_ingest__rules *rules, const json_t *json) {
    size_t n = json_is_array(json) ? json_array_size(json) : 1;
    if (n == 0 || n > MAX_SOURCES)
        return ct_fail(CT_PARSE, "1 to %d sources expected", MAX_SOURCES);
    v->sources = ct_arena_calloc(rules->arena, n, sizeof *v->sources);
    if (!v->sources) return CT_NOMEM;
    v->n = n;
    for (size_t i = 0; i < n; i++)
        CT_TRY(read_source(&v->sources[i], rules,
                           json_is_array(json) ? json_array_get(json, i) : json));
    return CT_OK;
}

static ct_err read_attributes(ct_ingest__rule *rule, ct_ingest__rules *rules,
                              const json_t *object) {
    if (!object) return CT_OK;
    if (!json_is_object(object)) return ct_fail(CT_PARSE, "attributes: an object expected");
    rule->values = ct_arena_calloc(rules->arena, json_object_size(object), sizeof(value));
    if (!rule->values) return CT_NOMEM;
    const char *name;
    json_t *sources;
    json_object_foreach((json_t *)object, name, sources) {
        value *v = &rule->values[rule->n_values];
        v->attr = ct_class_attr(rule->cls, name);
        if (v->attr < 0)
            return ct_fail(CT_NOTFOUND, "attributes: class %s has no \"%s\"", rule->cls->name,
                           name);
        CT_TRY(ct_context(read_sources(v, rules, sources), "attributes: %s", name));
        rule->n_values++;
    }
    return CT_OK;
}

static bool has_all(const json_t *whole, const json_t *part) {
    const char *key;
    json_t *one;
    json_object_foreach((json_t *)part, key, one) {
        if (!json_object_get(whole, key)) return false;
    }
    return true;
}

// The rule's own attributes and the common ones that it lacks; NULL when out of memory. The library
// does not tell of members that it could not copy. What is no object is told by who reads it.
static json_t *with_common(const json_t *own, const json_t *common) {
    json_t *all = own ? json_copy((json_t *)own) : json_object();
    if (all && !json_is_object(all)) return all;
    if (all && json_object_update_missing(all, (json_t *)common) == 0 && has_all(all, own) &&
        has_all(all, common))
        return all;
    json_decref(all);
    return NULL;
}

static ct_err read_rule(ct_ingest__rules *rules, const ct_catalogue *catalogue,
                        const json_t *object, const json_t *common) {
    static const char *const keys[] = {"class", "when", "unless", "attributes", NULL};
    const char *name = NULL;
    if (rules->n_rules == MAX_RULES) return ct_fail(CT_LIMIT, "more than %d rules", MAX_RULES);
    ct_ingest__rule *rule = &rules->rules[rules->n_rules];
    if (!json_is_object(object)) return ct_fail(CT_PARSE, "an object expected");
    CT_TRY(ct_json_only(object, keys, "rule"));
    CT_TRY(ct_json_get_string(&name, object, "class", "rule"));
    rule->cls = ct_catalogue_by_name(catalogue, name);
    if (!rule->cls) return ct_fail(CT_NOTFOUND, "class: there is no class \"%s\"", name);
    rule->tests = ct_arena_calloc(rules->arena, MAX_TESTS, sizeof *rule->tests);
    if (!rule->tests) return CT_NOMEM;
    CT_TRY(read_tests(rule, rules, object, "when", false));
    CT_TRY(read_tests(rule, rules, object, "unless", true));
    if (!rule->n_tests) return ct_fail(CT_PARSE, "when: a condition expected");
    json_t *attributes = with_common(json_object_get(object, "attributes"), common);
    if (!attributes) return ct_fail(CT_NOMEM, "out of memory");
    ct_err err = read_attributes(rule, rules, attributes);
    json_decref(attributes);
    if (err == CT_OK) rules->n_rules++;
    return err;
}

static ct_err read_document(ct_ingest__rules *rules, const ct_catalogue *catalogue,
                            const json_t *document) {
    static const char *const keys[] = {"description", "common", "rules", NULL};
    const json_t *common = json_object_get(document, "common");
    const json_t *list = json_object_get(document, "rules");
    CT_TRY(ct_json_only(document, keys, "document"));
    if (!json_is_object(common)) return ct_fail(CT_PARSE, "common: an object expected");
    if (!json_array_size(list)) return ct_fail(CT_PARSE, "rules: a list expected");
    for (size_t i = 0; i < json_array_size(list); i++)
        CT_TRY(ct_context(read_rule(rules, catalogue, json_array_get(list, i), common),
                          "rules[%zu]", i));
    return CT_OK;
}

ct_err ct_ingest__rules_load(ct_ingest__rules **out, const ct_catalogue *catalogue,
                             const char *path) {
    json_t *document = NULL;
    CT_TRY(ct_json_read_file(&document, path, MAX_FILE_BYTES));
    ct_ingest__rules *rules = ct_calloc(1, sizeof *rules);
    ct_err err = CT_NOMEM;
    if (!rules) goto done;
    rules->arena = ct_arena_new(ARENA_BLOCK, ARENA_MAX);
    if (!rules->arena) goto done;
    err = ct_context(read_document(rules, catalogue, document), "%s", path);
    if (err != CT_OK) goto done;
    *out = rules;
    rules = NULL;
done:
    json_decref(document);
    ct_ingest__rules_free(rules);
    return err;
}

void ct_ingest__rules_free(ct_ingest__rules *rules) {
    if (!rules) return;
    ct_arena_free(rules->arena);
    ct_free(rules);
}

size_t ct_ingest__rules_tags(const ct_ingest__rules *rules) {
    return rules->n_tags;
}

const char *ct_ingest__rules_tag(const ct_ingest__rules *rules, size_t tag) {
    return tag < rules->n_tags ? rules->tags[tag] : NULL;
}

// ---- matching -----------------------------------------------------------------------------------

static bool passes(const test *t, const ct_ingest__tags *tags) {
    const char *text = tags->get(tags->context, t->tag);
    bool found = text && *text && t->n == 0;
    for (size_t i = 0; text && i < t->n && !found; i++) found = strcmp(text, t->values[i]) == 0;
    return found != t->negated;
}

// A class takes the things of its dimension: points, lines or areas.
static bool takes(const ct_class *cls, ct_geom_type geometry) {
    static const int dimension[] = {-1, 0, 1, 2, 0, 1, 2}; // by ct_geom_type
    return dimension[cls->geometry] >= 0 && dimension[cls->geometry] == dimension[geometry];
}

const ct_ingest__rule *ct_ingest__rules_match(const ct_ingest__rules *rules,
                                              const ct_ingest__tags *tags, ct_geom_type geometry,
                                              const ct_class *only) {
    for (size_t i = 0; i < rules->n_rules; i++) {
        const ct_ingest__rule *rule = &rules->rules[i];
        if ((only && rule->cls != only) || !takes(rule->cls, geometry)) continue;
        size_t passed = 0;
        while (passed < rule->n_tests && passes(&rule->tests[passed], tags)) passed++;
        if (passed == rule->n_tests) return rule;
    }
    return NULL;
}

const ct_class *ct_ingest__rule_class(const ct_ingest__rule *rule) {
    return rule->cls;
}

// ---- filling ------------------------------------------------------------------------------------

static const char *mapped(const source *s, const char *text) {
    if (!s->n) return text;
    const char *otherwise = NULL;
    for (size_t i = 0; i < s->n; i++) {
        if (strcmp(s->map[2 * i], text) == 0) return s->map[2 * i + 1];
        if (strcmp(s->map[2 * i], "*") == 0) otherwise = s->map[2 * i + 1];
    }
    return otherwise;
}

// CT_NOTFOUND where the source has nothing to give.
static ct_err from_source(ct_value *out, const source *s, const ct_attr *attr,
                          const ct_ingest__tags *tags, ct_arena *arena) {
    const char *text = s->has_tag ? tags->get(tags->context, s->tag) : s->constant;
    if (text && *text) text = mapped(s, text);
    if (!text || !*text) return CT_NOTFOUND;
    return ct_ingest__measure_read(out, arena, attr, s->measure, s->times, text);
}

ct_err ct_ingest__rule_apply(const ct_ingest__rule *rule, const ct_ingest__tags *tags,
                             ct_feature *f, ct_arena *arena,
                             void (*bad)(void *context, const char *text), void *bad_context) {
    for (size_t i = 0; i < rule->n_values; i++) {
        const value *v = &rule->values[i];
        ct_err err = CT_NOTFOUND;
        for (size_t k = 0; k < v->n && err != CT_OK; k++) {
            err = from_source(&f->values[v->attr], &v->sources[k], &rule->cls->attrs[v->attr], tags,
                              arena);
            if (err == CT_NOMEM) return err;
            if (err != CT_OK && err != CT_NOTFOUND) bad(bad_context, ct_err_message());
        }
    }
    return CT_OK;
}
