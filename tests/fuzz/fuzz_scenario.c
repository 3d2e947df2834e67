// Any bytes as a scenario document: refused with a message, or a sound scenario whose normal form
// is read back as the same.
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "scenario/scenario.h"

#define CRS "EPSG:4547"

static void check_sound(const ct_scenario *s) {
    FUZZ_MUST(s->title_en && s->title_zh && strcmp(s->engine, "flood") == 0);
    FUZZ_MUST(s->duration_s >= 1 && s->output_step_s >= 1 && s->cell_m >= 0.5);
    FUZZ_MUST(s->duration_s / s->output_step_s <= 5000);
    for (size_t i = 0; i < s->n_rain; i++) {
        FUZZ_MUST(s->rain[i].to_s > s->rain[i].from_s && isfinite(s->rain[i].to_s));
        FUZZ_MUST(s->rain[i].intensity_ms >= 0 && s->rain[i].intensity_ms < 1);
        FUZZ_MUST(i == 0 || s->rain[i].from_s >= s->rain[i - 1].to_s);
    }
    for (size_t i = 0; i < ct_changeset_count(s->edits); i++) {
        const ct_edit *edit = ct_changeset_at(s->edits, i);
        FUZZ_MUST(edit->op == CT_EDIT_ADD ? edit->feature.cls != NULL : edit->id != NULL);
        if (edit->id) FUZZ_MUST(ct_changeset_find(s->edits, edit->id) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ct_catalogue *catalogue;
    if (!catalogue) FUZZ_MUST(ct_catalogue_load(&catalogue, NULL) == CT_OK);
    json_t *document = NULL;
    if (ct_json_parse(&document, (const char *)data, size, 1U << 20) != CT_OK) return 0;
    ct_scenario *s = NULL;
    if (ct_scenario_parse(&s, document, catalogue, CRS) == CT_OK) {
        check_sound(s);
        ct_scenario *again = NULL;
        FUZZ_MUST(ct_scenario_parse(&again, s->document, catalogue, CRS) == CT_OK);
        FUZZ_MUST(json_equal(s->document, again->document));
        FUZZ_MUST(ct_changeset_count(s->edits) == ct_changeset_count(again->edits));
        ct_scenario_free(again);
        ct_scenario_free(s);
    } else {
        FUZZ_MUST(!s && strlen(ct_err_message()) > 0);
    }
    json_decref(document);
    return 0;
}
