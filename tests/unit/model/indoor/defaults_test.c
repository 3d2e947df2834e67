// The shipped stand-ins: whole, for every use of the catalogue; damaged ones are refused with the
// place named.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "scratch.h"

#include "model/catalogue.h"
#include "model/indoor/defaults.h"

#define DATA CT_SOURCE_DIR "/data"

static void every_use_has_its_own(void **state) {
    (void)state;
    ct_catalogue *catalogue;
    ct_indoor_defaults *d;
    assert_int_equal(ct_catalogue_load(&catalogue, DATA "/catalogue"), CT_OK);
    assert_int_equal(ct_indoor_defaults_load(&d, DATA "/indoor"), CT_OK);
    const ct_class *cls = ct_catalogue_by_name(catalogue, "space");
    const ct_attr *use = &cls->attrs[ct_class_attr(cls, "use")];
    for (size_t i = 0; i < use->n_codes; i++)
        assert_string_equal(ct_indoor_use_of(d, use->codes[i].value)->use, use->codes[i].value);
    assert_int_equal(d->n_uses + 1, use->n_codes); // and no others
    assert_string_equal(ct_indoor_use_of(d, "no such use")->use, "other");
    assert_near(ct_indoor_use_of(d, "classroom")->area_per_person_m2, 1.86, 0);
    assert_near(d->doors.frame_m, 0.05, 0);
    assert_near(d->stairs.riser_m, 0.175, 0);
    assert_near(d->separating_min, 30, 0);
    ct_indoor_defaults_free(d);
    ct_catalogue_free(catalogue);
}

// The shipped file with `from` become `to`, beside the other file as it is.
static void refused(const char *name, const char *from, const char *to, const char *says) {
    static const char *const names[] = {"rooms.json", "building.json"};
    char folder[128];
    ct_indoor_defaults *d = NULL;
    scratch_make(folder);
    for (int i = 0; i < 2; i++) {
        char *path = ct_path_join(DATA "/indoor", names[i]), *copy = ct_path_join(folder, names[i]);
        char *text, *changed = calloc(1, 1 << 16);
        size_t n;
        assert_int_equal(ct_file_read(&text, &n, path, 1 << 16), CT_OK);
        const char *at = strstr(text, from);
        if (strcmp(names[i], name) == 0) {
            assert_non_null(at);
            snprintf(changed, 1 << 16, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
        } else {
            snprintf(changed, 1 << 16, "%s", text);
        }
        assert_int_equal(ct_file_write(copy, changed, strlen(changed)), CT_OK);
        free(changed);
        ct_free(text);
        ct_free(path);
        ct_free(copy);
    }
    assert_int_equal(ct_indoor_defaults_load(&d, folder), CT_PARSE);
    assert_null(d);
    if (!strstr(ct_err_message(), says)) fail_msg("\"%s\" lacks \"%s\"", ct_err_message(), says);
    scratch_remove(folder);
}

static void damage_is_named(void **state) {
    (void)state;
    refused("rooms.json", "\"ceiling_m\": 2.4", "\"ceiling\": 2.4", "ceiling");
    refused("rooms.json", "\"uses\": [", "\"uses\": [], \"others\": [", "others");
    refused("building.json", "\"frame_m\"", "\"frame\"", "frame_m");
    refused("building.json", "{\"value\": 0.05,", "{\"value\": -1,", "frame_m");
    refused("building.json", "\"confidence\": \"own\"", "\"confidence\": \"sure\"",
            "open: confidence: confirmed, secondary");
    refused("rooms.json", "\"ceiling_m\": \"unconfirmed\"", "\"ceiling_m\": 1", "ceiling_m");
    refused("building.json", "{\"value\": false,", "{\"value\": 0,", "open");
    refused("building.json", "\"source\": \"DIN 18101:2014: a frame", "\"from\": \"DIN", "from");
}

static void a_missing_folder_is_named(void **state) {
    (void)state;
    ct_indoor_defaults *d = NULL;
    assert_int_not_equal(ct_indoor_defaults_load(&d, "/no/such/folder"), CT_OK);
    assert_non_null(strstr(ct_err_message(), "rooms.json"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_use_has_its_own),
        cmocka_unit_test(damage_is_named),
        cmocka_unit_test(a_missing_folder_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
