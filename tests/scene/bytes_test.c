// Equal parameters give equal bytes, another seed gives another scene, and bad parameters are
// refused by name.
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "params.h"
#include "scene_file.h"
#include "scratch.h"

static const char *folder; // that holds one, again, other and two

static void load(const char *which, const char *file, char **data, size_t *length) {
    char *path = ct_sprintf("%s/%s/%s", folder, which, file);
    assert_non_null(path);
    assert_int_equal(ct_file_read(data, length, path, (size_t)1 << 30), CT_OK);
    ct_free(path);
}

static bool equal(const char *a, const char *b, const char *file) {
    char *left = NULL, *right = NULL;
    size_t n = 0, m = 0;
    load(a, file, &left, &n);
    load(b, file, &right, &m);
    assert_true(n > 100000);
    bool same = n == m && memcmp(left, right, n) == 0;
    ct_free(left);
    ct_free(right);
    return same;
}

static void the_same_again(void **state) {
    (void)state;
    assert_true(equal("one", "again", "riverside.gpkg"));
    assert_true(equal("one", "again", "terrain.tif"));
    assert_true(equal("one", "again", "riverside-tower.ifc"));
    assert_true(equal("one", "again", "riverside-kindergarten.ifc"));
}

static void another_seed_is_another_scene(void **state) {
    (void)state;
    assert_false(equal("one", "other", "riverside.gpkg"));
    assert_false(equal("one", "other", "terrain.tif"));
}

// The factor multiplies the features: nearly, for streets between communities are shared.
static void a_factor_multiplies(void **state) {
    (void)state;
    static const char *const layers[] = {"sites", "buildings", "devices",
                                         "gates", "barriers",  "waters"};
    char *one = ct_sprintf("%s/one", folder), *two = ct_sprintf("%s/two", folder);
    sf_scene a, b;
    assert_true(one && two && sf_open(&a, one) && sf_open(&b, two));
    assert_int_equal(b.communities, 2);
    for (size_t k = 0; k < sizeof layers / sizeof layers[0]; k++) {
        sf_layer p = sf_read(&a, layers[k], NULL, NULL), q = sf_read(&b, layers[k], NULL, NULL);
        if (q.count != 2 * p.count) fail_msg("%s: %zu, %zu", layers[k], p.count, q.count);
        sf_free(&p);
        sf_free(&q);
    }
    sf_close(&a);
    sf_close(&b);
    ct_free(one);
    ct_free(two);
}

// The parameter file with one place of its text replaced.
static ct_err read_changed(const char *from, const char *to) {
    char path[128], *text = NULL, *name = NULL, *changed = NULL;
    size_t length = 0;
    sc_params params;
    scratch_make(path);
    assert_int_equal(
        ct_file_read(&text, &length, CT_SOURCE_DIR "/scenes/riverside/riverside.json", 1 << 20),
        CT_OK);
    char *place = strstr(text, from);
    assert_non_null(place);
    changed = ct_sprintf("%.*s%s%s", (int)(place - text), text, to, place + strlen(from));
    name = ct_path_join(path, "scene.json");
    assert_true(changed && name);
    assert_int_equal(ct_file_write(name, changed, strlen(changed)), CT_OK);
    ct_err err = sc_params_read(&params, name);
    if (err == CT_OK) sc_params_fini(&params);
    ct_free(text);
    ct_free(changed);
    ct_free(name);
    scratch_remove(path);
    return err;
}

static void check_refused(const char *from, const char *to, ct_err expected, const char *named) {
    assert_int_equal(read_changed(from, to), expected);
    if (!strstr(ct_err_message(), named))
        fail_msg("\"%s\" does not name %s", ct_err_message(), named);
}

static void bad_parameters_are_refused(void **state) {
    (void)state;
    assert_int_equal(read_changed("\"seed\": 20260720", "\"seed\": 1"), CT_OK);
    check_refused("\"seed\"", "\"sead\"", CT_PARSE, "sead");
    check_refused("\"residents\": 12000", "\"residents\": 0", CT_RANGE, "residents");
    check_refused("\"residents\": 12000", "\"residents\": 1.5", CT_RANGE, "residents");
    check_refused("\"kind\": \"school\"", "\"kind\": \"castle\"", CT_PARSE, "castle");
    check_refused("\"level_m\": 19.8", "\"level_m\": 9", CT_RANGE, "bed_m");
    check_refused("\"storeys\": [6, 6, 6]", "\"storeys\": [6, 6]", CT_RANGE, "storeys");
    check_refused("\"total\": 2000", "\"total\": \"many\"", CT_PARSE, "total");
    check_refused("\"at_m\": 244", "\"at_m\": 44", CT_RANGE, "columns[1]");
    check_refused("\"hollows\": [", "\"hollows\": [7,", CT_PARSE, "hollows[0]");
    check_refused("\"kind\": \"tower\", \"column\"", "\"kind\": \"shed\", \"column\"", CT_PARSE,
                  "models[0].kind");
    check_refused("\"number\": 1, \"storeys\": 2", "\"number\": 1, \"storeys\": 4", CT_RANGE,
                  "models[1].storeys");
    check_refused("{", "[", CT_PARSE, "scene.json");
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_again),
        cmocka_unit_test(another_seed_is_another_scene),
        cmocka_unit_test(a_factor_multiplies),
        cmocka_unit_test(bad_parameters_are_refused),
    };
    if (argc != 2) return 2;
    folder = argv[1];
    return cmocka_run_group_tests_name("scene_bytes", tests, NULL, NULL);
}
