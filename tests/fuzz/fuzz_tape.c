// Any bytes as JSON on a tape: taken exactly where base/json.h takes them, with the same values in
// the same order, to the bit. Not so for NULs, some of which jansson passes over.
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/tape.h"
#include "fuzz.h"

enum { MAX_BYTES = 1 << 20 };

static void same_value(const ct_tape_value *v, const json_t *json);

static void same_members(const ct_tape_value *v, const json_t *json) {
    const char *name;
    json_t *member;
    ct_tape_walk w = ct_tape_begin(v, CT_TAPE_OBJECT);
    FUZZ_MUST(v->n == json_object_size(json));
    json_object_foreach((json_t *)(uintptr_t)json, name, member) {
        FUZZ_MUST(ct_tape_equals(ct_tape_next(&w), name));
        const ct_tape_value *value = ct_tape_next(&w);
        FUZZ_MUST(ct_tape_get(v, name) == value);
        same_value(value, member);
    }
    FUZZ_MUST(!ct_tape_next(&w));
}

static void same_elements(const ct_tape_value *v, const json_t *json) {
    size_t i;
    json_t *element;
    ct_tape_walk w = ct_tape_begin(v, CT_TAPE_ARRAY);
    FUZZ_MUST(v->n == json_array_size(json));
    json_array_foreach(json, i, element) same_value(ct_tape_next(&w), element);
    FUZZ_MUST(!ct_tape_next(&w));
}

static void same_value(const ct_tape_value *v, const json_t *json) {
    FUZZ_MUST(v);
    const double real = json_real_value(json);
    switch (json_typeof(json)) {
    case JSON_OBJECT: same_members(v, json); break;
    case JSON_ARRAY: same_elements(v, json); break;
    case JSON_STRING:
        FUZZ_MUST(v->kind == CT_TAPE_STRING && v->n == json_string_length(json) &&
                  memcmp(v->as.text, json_string_value(json), v->n) == 0);
        break;
    case JSON_INTEGER:
        FUZZ_MUST(v->kind == CT_TAPE_INTEGER && v->as.integer == json_integer_value(json));
        break;
    case JSON_REAL:
        FUZZ_MUST(v->kind == CT_TAPE_REAL && memcmp(&v->as.real, &real, sizeof real) == 0);
        break;
    case JSON_TRUE: FUZZ_MUST(v->kind == CT_TAPE_TRUE); break;
    case JSON_FALSE: FUZZ_MUST(v->kind == CT_TAPE_FALSE); break;
    case JSON_NULL: FUZZ_MUST(v->kind == CT_TAPE_NULL); break;
    }
}

static void same_canonical(const ct_tape_value *v, const json_t *json) {
    char *got = ct_tape_canonical(v), *want = ct_json_canonical(json);
    FUZZ_MUST(got && want && strcmp(got, want) == 0);
    ct_free(got);
    ct_free(want);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = ct_alloc(size + 1); // so that a byte read too far is seen
    ct_tape *tape = ct_tape_new();
    FUZZ_MUST(text && tape);
    if (size) memcpy(text, data, size);
    text[size] = '\0';
    json_t *json = NULL;
    const ct_tape_value *root = NULL;
    const ct_err want = ct_json_parse(&json, text, size, MAX_BYTES);
    const ct_err got = ct_tape_parse(&root, tape, text, size, MAX_BYTES);
    if (strlen(text) < size)
        FUZZ_MUST(got != CT_OK);
    else
        FUZZ_MUST((got == CT_OK) == (want == CT_OK));
    if (got == CT_OK) {
        same_value(root, json);
        same_canonical(root, json);
    } else {
        FUZZ_MUST(!root && strlen(ct_err_message()) > 0);
    }
    json_decref(json);
    ct_tape_free(tape);
    ct_free(text);
    return 0;
}
