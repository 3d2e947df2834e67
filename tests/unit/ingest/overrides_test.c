// Tables of overrides: what is read, what is told of lines that are none, what features take.
#include "ingest/overrides.h"

#include <string.h>

#include "scratch.h"

#include "base/mem.h"

typedef struct reading {
    ct_arena *arena;
    ct_diagnostics *d;
    ct_override *at;
    size_t n;
    ct_err err;
} reading;

static reading read_table(const char *text) {
    reading r = {.arena = ct_arena_new(1 << 12, 0), .d = ct_diagnostics_new(100)};
    char folder[128];
    scratch_make(folder);
    char *path = ct_path_join(folder, "doors.csv");
    assert_int_equal(ct_file_write(path, text, strlen(text)), CT_OK);
    r.err = ct_overrides_read(&r.at, &r.n, r.arena, path, r.d);
    ct_free(path);
    scratch_remove(folder);
    return r;
}

static void end(reading *r) {
    ct_diagnostics_free(r->d);
    ct_arena_free(r->arena);
}

static void lines_are_read(void **state) {
    (void)state;
    reading r = read_table("\xEF\xBB\xBFid,attribute,value\r\n"
                           "door-1,clear_width_m,0.85\r\n\r\n"
                           "\"room,1\",name,\"Room \"\"A\"\",\nnorth\"\n"
                           "room-2,use,");
    assert_int_equal(r.err, CT_OK);
    assert_int_equal(r.n, 3);
    assert_string_equal(r.at[0].id, "door-1");
    assert_string_equal(r.at[0].attribute, "clear_width_m");
    assert_string_equal(r.at[0].value, "0.85");
    assert_int_equal(r.at[0].line, 2);
    assert_string_equal(r.at[1].id, "room,1");
    assert_string_equal(r.at[1].value, "Room \"A\",\nnorth");
    assert_int_equal(r.at[1].line, 4);
    assert_string_equal(r.at[2].value, "");
    assert_int_equal(r.at[2].line, 6);
    end(&r);
    r = read_table("value,id,attribute\n2,d,width_m\n"); // in any order
    assert_string_equal(r.at[0].id, "d");
    assert_string_equal(r.at[0].value, "2");
    end(&r);
}

static void told(const char *text, const char *where, const char *says) {
    reading r = read_table(text);
    assert_int_equal(r.err, CT_PARSE);
    const ct_diagnostic *d = ct_diagnostics_at(r.d, 0);
    assert_non_null(d);
    assert_string_equal(d->where, where);
    if (!strstr(d->text, says)) fail_msg("\"%s\" lacks \"%s\"", d->text, says);
    end(&r);
}

static void bad_lines_are_named(void **state) {
    (void)state;
    told("", "doors.csv:1", "first line");
    told("id,value\nx,1\n", "doors.csv:1", "first line");
    told("id,attribute,value\na,b,c\nd,e\n", "doors.csv:3", "2 values");
    told("id,attribute,value\na,b,c,d\n", "doors.csv:2", "4 values");
    told("id,attribute,value\n,b,c\n", "doors.csv:2", "empty");
    told("id,attribute,value\na,b,\"c\n", "doors.csv:2", "does not end");
    told("id,attribute,value\na,\"b\"x,c\n", "doors.csv:2", "follows a quoted value");
}

static void what_is_no_text_is_refused(void **state) {
    (void)state;
    reading r = read_table("id,attribute,value\na,b,\xFF\xFE\n");
    assert_int_equal(r.err, CT_PARSE);
    assert_non_null(strstr(ct_err_message(), "UTF-8"));
    end(&r);
    ct_override *at;
    size_t n;
    r = read_table("id,attribute,value\n");
    assert_int_equal(r.err, CT_OK);
    assert_int_equal(r.n, 0);
    assert_int_equal(ct_overrides_read(&at, &n, r.arena, "/no/such.csv", r.d), CT_NOTFOUND);
    end(&r);
}

static void features_take_values(void **state) {
    (void)state;
    ct_catalogue *catalogue;
    ct_arena *arena = ct_arena_new(1 << 12, 0);
    ct_feature f;
    assert_int_equal(ct_catalogue_load(&catalogue, CT_SOURCE_DIR "/data/catalogue"), CT_OK);
    assert_int_equal(ct_feature_new(&f, arena, ct_catalogue_by_name(catalogue, "opening")), CT_OK);
    f.id = "d";
    assert_int_equal(ct_feature_set_text(&f, "kind", "door"), CT_OK);
    const ct_override width = {"d", "width_m", " 0.9 ", 2}, none = {"d", "width_m", "", 3},
                      far = {"d", "width_m", "1000", 4}, word = {"d", "width_m", "wide", 5},
                      other = {"d", "colour", "red", 6}, code = {"d", "state", "ajar", 7},
                      yes = {"d", "self_closing", "true", 8};
    assert_int_equal(ct_override_apply(&f, arena, &width), CT_OK);
    assert_near(ct_feature_number(&f, "width_m", 0), 0.9, 0);
    assert_int_equal(ct_override_apply(&f, arena, &far), CT_RANGE);
    assert_int_equal(ct_override_apply(&f, arena, &word), CT_PARSE);
    assert_int_equal(ct_override_apply(&f, arena, &other), CT_NOTFOUND);
    assert_non_null(strstr(ct_err_message(), "colour"));
    assert_int_not_equal(ct_override_apply(&f, arena, &code), CT_OK);
    assert_near(ct_feature_number(&f, "width_m", 0), 0.9, 0); // as it was
    assert_int_equal(ct_override_apply(&f, arena, &yes), CT_OK);
    assert_true(ct_feature_get(&f, "self_closing")->as.boolean);
    assert_int_equal(ct_override_apply(&f, arena, &none), CT_OK);
    assert_near(ct_feature_number(&f, "width_m", -1), -1, 0);
    ct_arena_free(arena);
    ct_catalogue_free(catalogue);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_read),
        cmocka_unit_test(bad_lines_are_named),
        cmocka_unit_test(what_is_no_text_is_refused),
        cmocka_unit_test(features_take_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
