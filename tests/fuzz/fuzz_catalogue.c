// Any bytes as a file of the class catalogue: refused with a message, or a catalogue whose names
// are unique, whose references and parents exist and whose bounds are in order.
#include <math.h>

#include "model/catalogue.h"
#include "scratch_folder.h"

static void check_attr(const ct_catalogue *c, const ct_class *cls, size_t index) {
    const ct_attr *a = &cls->attrs[index];
    FUZZ_MUST(a->name && *a->name && a->title_en && a->title_zh);
    FUZZ_MUST(ct_class_attr(cls, a->name) == (int)index); // unique
    FUZZ_MUST(*ct_attr_type_name(a->type));
    FUZZ_MUST(!a->has_min || isfinite(a->min));
    FUZZ_MUST(!a->has_max || isfinite(a->max));
    FUZZ_MUST(!a->has_min || !a->has_max || a->min <= a->max);
    FUZZ_MUST(!a->references || ct_catalogue_by_name(c, a->references));
    FUZZ_MUST(!a->n_codes == !a->codes);
    for (size_t i = 0; i < a->n_codes; i++) {
        FUZZ_MUST(a->codes[i].value && a->codes[i].title_en);
        for (size_t k = 0; k < i; k++) FUZZ_MUST(strcmp(a->codes[i].value, a->codes[k].value) != 0);
    }
}

static void check_class(const ct_catalogue *c, const ct_class *cls) {
    FUZZ_MUST(ct_catalogue_by_name(c, cls->name) == cls);
    FUZZ_MUST(ct_catalogue_by_collection(c, cls->collection) == cls);
    FUZZ_MUST(!cls->parent || ct_catalogue_by_name(c, cls->parent));
    FUZZ_MUST(cls->grade >= 1 && cls->grade <= 7);
    FUZZ_MUST(!cls->time_attr || ct_class_attr(cls, cls->time_attr) >= 0);
    for (size_t i = 0; i < cls->n_attrs; i++) check_attr(c, cls, i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    scratch_write(scratch("a.json"), data, size);
    ct_catalogue *c = NULL;
    if (ct_catalogue_load(&c, scratch(NULL)) != CT_OK) {
        FUZZ_MUST(!c && strlen(ct_err_message()) > 0);
        return 0;
    }
    FUZZ_MUST(ct_catalogue_count(c) > 0 && !ct_catalogue_at(c, ct_catalogue_count(c)));
    for (size_t i = 0; i < ct_catalogue_count(c); i++) {
        FUZZ_MUST(ct_catalogue_at(c, i)->index == i);
        check_class(c, ct_catalogue_at(c, i));
    }
    ct_catalogue_free(c);
    return 0;
}
