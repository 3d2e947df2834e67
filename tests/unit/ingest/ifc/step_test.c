// STEP files: the index and its findings, parameters of every kind, strings, numbers.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmk.h"
#include "ingest/ifc/step/step.h"

#define HEAD                                                                                       \
    "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION(('a;b DATA;'),'2;1');\n"                             \
    "FILE_NAME('it''s','',(''),(''),'','','');\nFILE_SCHEMA (('IFC4'));\nENDSEC;\nDATA;\n"
#define TAIL "ENDSEC;\nEND-ISO-10303-21;\n"

static ct_step *step;
static ct_diagnostics *found;
static ct_arena *arena;
static char *bytes; // of the file, exactly as long as it is

static ct_err open_text(const char *text) {
    const size_t n = strlen(text);
    ct_step__close(step);
    ct_diagnostics_free(found);
    free(bytes);
    step = NULL;
    found = ct_diagnostics_new(100);
    bytes = malloc(n ? n : 1);
    assert_non_null(bytes);
    memcpy(bytes, text, n);
    return ct_step__open(&step, bytes, n, "a.ifc", found);
}

static void open_ok(const char *text) {
    const ct_err err = open_text(text);
    if (err != CT_OK) fail_msg("%s", ct_err_message());
}

static void check_finding(size_t i, ct_severity severity, const char *rule, const char *where,
                          const char *text) {
    const ct_diagnostic *d = ct_diagnostics_at(found, i);
    assert_non_null(d);
    assert_int_equal(d->severity, severity);
    assert_string_equal(d->rule, rule);
    assert_string_equal(d->where, where);
    if (!strstr(d->text, text)) fail_msg("\"%s\" has no \"%s\"", d->text, text);
}

static uint32_t slot_of(uint64_t id) {
    const uint32_t slot = ct_step__find(step, id);
    if (slot == CT_STEP__NONE) fail_msg("no #%llu", (unsigned long long)id);
    return slot;
}

static ct_step__value arg(uint64_t id, uint32_t index) {
    return ct_step__get(step, slot_of(id), index);
}

static const char *text_of(uint64_t id, uint32_t index) {
    const ct_step__value v = arg(id, index);
    const char *text = NULL;
    assert_int_equal(ct_step__text(&text, arena, &v, NULL), CT_OK);
    return text;
}

static void an_index(void **state) {
    (void)state;
    open_ok(HEAD
            "#12=IFCWALL('a;#1=b',$);\n"
            "#3 = /* #4=IFCWALL(); ' */ IfcWall\n(\n'it''s;' ,* );#18446744=IFCDOOR();\n" TAIL);
    assert_int_equal(ct_diagnostics_kept(found), 0);
    assert_int_equal(ct_step__count(step), 3);
    assert_int_equal(ct_step__n_types(step), 2);
    assert_int_equal(ct_step__type(step, 0), ct_step__type(step, 1));
    assert_string_equal(ct_step__type_name(step, ct_step__type(step, 1)), "IFCWALL");
    assert_int_equal(ct_step__id(step, 0), 12);
    assert_int_equal(slot_of(3), 1);
    assert_int_equal(slot_of(18446744), 2); // ids are no longer dense
    assert_int_equal(ct_step__find(step, 4), CT_STEP__NONE);
    assert_int_equal(ct_step__find(step, UINT64_MAX), CT_STEP__NONE);
    char where[128];
    ct_step__where(where, sizeof where, step, slot_of(3));
    assert_string_equal(where, "a.ifc:10: IFCWALL #3");
    assert_string_equal(text_of(3, 0), "it's;");
}

static void dense_ids(void **state) {
    (void)state;
    open_ok(HEAD "#2=A(#1);#1=B(#2,#9);\n" TAIL);
    assert_int_equal(slot_of(1), 1);
    assert_int_equal(ct_step__find(step, 9), CT_STEP__NONE);
    assert_int_equal(ct_step__find(step, UINT64_MAX), CT_STEP__NONE);
    ct_step__value v = arg(2, 0);
    assert_int_equal(ct_step__ref(step, &v), 1);
    v = arg(1, 1);
    assert_int_equal(ct_step__ref(step, &v), CT_STEP__NONE);
}

static void a_header(void **state) {
    (void)state;
    open_ok(HEAD TAIL);
    ct_step__cursor c = ct_step__header(step, CT_STEP__SCHEMA);
    ct_step__value list, v;
    assert_true(ct_step__next(&list, &c));
    c = ct_step__list(&list);
    assert_true(ct_step__next(&v, &c));
    const char *text;
    assert_int_equal(ct_step__text(&text, arena, &v, NULL), CT_OK);
    assert_string_equal(text, "IFC4");
    assert_false(ct_step__next(&v, &c));
    c = ct_step__header(step, CT_STEP__NAME);
    assert_true(ct_step__next(&v, &c));
    assert_int_equal(ct_step__text(&text, arena, &v, NULL), CT_OK);
    assert_string_equal(text, "it's");
    open_ok("ISO-10303-21;DATA;" TAIL);
    c = ct_step__header(step, CT_STEP__NAME);
    assert_false(ct_step__next(&v, &c));
}

static void kinds_of_parameters(void **state) {
    (void)state;
    open_ok(HEAD
            "#1=X($,*,7,-.5,1.E-5,'s',.F.,.FLOOR.,#1,(1,(2,3)),IFCLABEL('x'),\"0A\",0.,());" TAIL);
    static const ct_step__kind expected[] = {
        CT_STEP__UNSET,  CT_STEP__DERIVED, CT_STEP__INTEGER, CT_STEP__REAL, CT_STEP__REAL,
        CT_STEP__STRING, CT_STEP__ENUM,    CT_STEP__ENUM,    CT_STEP__REF,  CT_STEP__LIST,
        CT_STEP__TYPED,  CT_STEP__BINARY,  CT_STEP__REAL,    CT_STEP__LIST, CT_STEP__END};
    ct_step__value all[15];
    assert_int_equal(ct_step__all(all, 15, step, 0), 14);
    for (size_t i = 0; i < 15; i++) {
        assert_int_equal(all[i].kind, expected[i]);
        assert_int_equal(arg(1, (uint32_t)i).kind, expected[i]);
    }
    double x = 0;
    assert_true(ct_step__number(&x, &all[3]) && x == -0.5);
    assert_true(ct_step__number(&x, &all[4]) && x == 1e-5);
    assert_false(ct_step__number(&x, &all[5]));
    assert_int_equal(ct_step__logical(&all[6]), 0);
    assert_int_equal(ct_step__logical(&all[7]), -1);
    assert_true(ct_step__is(&all[7], "FLOOR"));
    assert_false(ct_step__is(&all[7], "FLOO"));
    assert_true(ct_step__named(&all[10], "IFCLABEL"));
    assert_false(ct_step__named(&all[10], "IFCLABELS"));
    const ct_step__value bare = ct_step__bare(&all[10]);
    assert_int_equal(bare.kind, CT_STEP__STRING);
    // Lists within lists, without recursion.
    ct_step__cursor c = ct_step__list(&all[9]);
    ct_step__value v, w;
    assert_true(ct_step__next(&v, &c) && v.kind == CT_STEP__INTEGER);
    assert_true(ct_step__next(&v, &c) && v.kind == CT_STEP__LIST);
    assert_false(ct_step__next(&w, &c));
    c = ct_step__list(&v);
    assert_true(ct_step__next(&v, &c) && ct_step__number(&x, &v) && x == 2);
    c = ct_step__list(&all[13]);
    assert_false(ct_step__next(&v, &c));
    assert_int_equal(v.kind, CT_STEP__END);
}

static void bad_parameters(void **state) {
    (void)state;
    open_ok(HEAD "#1=X(1,(2);#2=X(1 2);#3=X(!);#4=X(1,);#5=X(.A);#6=X(#);#7=X(\"g\");" TAIL);
    assert_int_equal(arg(1, 0).kind, CT_STEP__INTEGER);
    for (uint64_t id = 1; id <= 7; id++) {
        ct_step__cursor c = ct_step__parameters(step, slot_of(id));
        ct_step__value v;
        while (ct_step__next(&v, &c)) {}
        if (id != 4) assert_int_equal(v.kind, CT_STEP__BAD);
    }
    // Nested deeper than anybody reads.
    open_ok(HEAD "#1=X(A(A(A(A(A(A(A(A(A(1))))))))));" TAIL);
    const ct_step__value v = arg(1, 0), bare = ct_step__bare(&v);
    assert_int_equal(bare.kind, CT_STEP__BAD);
}

static void strings(void **state) {
    (void)state;
    open_ok(
        HEAD
        "#1=X('a''b\\\\c','\\X2\\00FC4E2D\\X0\\!','\\X2\\D83DDE00\\X0\\','\\X4\\0001F600\\X0\\',"
        "'\\X\\FC','\\S\\|','\\PB\\\\S\\1','\xc3\xbc','\xfc','a\nb','\\q','\\X2\\D83D\\X0\\')"
        ";" TAIL);
    static const char *const expected[] = {
        "a'b\\c", "\u00fc\u4e2d!", "\U0001f600", "\U0001f600", "\u00fc", "\u00fc",
        "\u0105", "\u00fc",        "\u00fc",     "ab",         "\\q",    "\ufffd"};
    size_t foreign = 0;
    for (uint32_t i = 0; i < 12; i++) {
        const ct_step__value v = arg(1, i);
        const char *text = NULL;
        assert_int_equal(ct_step__text(&text, arena, &v, &foreign), CT_OK);
        assert_string_equal(text, expected[i]);
    }
    assert_int_equal(foreign, 1);
}

static void numbers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0},
                {"-0.1", -0.1},
                {"+3.", 3},
                {"1E3", 1000},
                {"123456789012345678901234.", 123456789012345678901234.},
                {"3.14159265358979323846", 3.14159265358979323846},
                {"1.7976931348623157E308", 1.7976931348623157e308},
                {"4.9E-324", 4.9e-324},
                {"0.1E-22", 0.1e-22},
                {"9007199254740993.", 9007199254740993.}};
    static const char *const bad[] = {"", ".", "-", "1E", "1E+", "1.2.3", "1E400", "--1", "1-2"};
    double x;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(ct_step__decimal(&x, good[i].text, good[i].text + strlen(good[i].text)));
        assert_true(x == good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (ct_step__decimal(&x, bad[i], bad[i] + strlen(bad[i])))
            fail_msg("\"%s\" was read", bad[i]);
}

static void damaged_files(void **state) {
    (void)state;
    assert_int_equal(open_text("hello"), CT_PARSE);
    assert_non_null(strstr(ct_err_message(), "a.ifc: no STEP file"));
    assert_int_equal(open_text(""), CT_PARSE);
    assert_int_equal(open_text("ISO-10303-21;HEADER;ENDSEC;"), CT_PARSE);
    assert_non_null(strstr(ct_err_message(), "no DATA section"));
    open_ok(HEAD "#1=A();\n#2=B('open);\n");
    assert_int_equal(ct_step__count(step), 1);
    check_finding(0, CT_SEVERITY_ERROR, "truncated", "a.ifc:9", "breaks off within this instance");
    check_finding(1, CT_SEVERITY_ERROR, "truncated", "a.ifc:10", "DATA section does not end");
    open_ok(HEAD "#1=A();\nENDSEC"); // within a word
    check_finding(0, CT_SEVERITY_ERROR, "truncated", "a.ifc:9", "breaks off within this record");
    open_ok(HEAD "#1=A();\nENDSEC;\n");
    check_finding(0, CT_SEVERITY_WARNING, "truncated", "a.ifc:10", "END-ISO-10303-21");
    open_ok(HEAD "#1=A();\n#=B();\n#2=C;\n?;\n#1=D();\n#4=(A()B());\n#5=E();" TAIL);
    assert_int_equal(ct_step__count(step), 3);
    check_finding(0, CT_SEVERITY_ERROR, "step-syntax", "a.ifc:9", "no instance");
    check_finding(1, CT_SEVERITY_ERROR, "step-syntax", "a.ifc:10", "no instance");
    check_finding(2, CT_SEVERITY_ERROR, "step-syntax", "a.ifc:11", "no word");
    check_finding(3, CT_SEVERITY_WARNING, "complex-instance", "a.ifc:13", "1 complex");
    check_finding(4, CT_SEVERITY_ERROR, "step-id", "a.ifc:12: D #1", "already");
    assert_int_equal(slot_of(1), 0);
}

// Lists and typed values within each other, in a record long enough.
static void nested_too_deep(void **state) {
    (void)state;
    static const struct {
        const char *open, *close;
        int n;
        bool deep;
    } cases[] = {{"(", ")", 100000, true},
                 {"(", "", 100000, true},
                 {"B(", ")", 5000, true},
                 {"('(',(", "))", 400, false},
                 {"(),'''(((',", "", 5000, false}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        ct_buf text;
        ct_buf_init(&text, 1 << 20);
        ct_buf_puts(&text, HEAD "#1=A(");
        for (int i = 0; i < cases[c].n; i++) ct_buf_puts(&text, cases[c].open);
        for (int i = 0; i < 3000; i++) ct_buf_puts(&text, "1,");
        for (int i = 0; i < cases[c].n; i++) ct_buf_puts(&text, cases[c].close);
        ct_buf_puts(&text, ");\n#2=C();\n" TAIL);
        open_ok(text.data);
        ct_buf_fini(&text);
        assert_int_equal(ct_step__count(step), 2);
        assert_int_equal(ct_diagnostics_count(found, CT_SEVERITY_ERROR), cases[c].deep);
        if (cases[c].deep)
            check_finding(0, CT_SEVERITY_ERROR, "step-nesting", "a.ifc:8", "within each other");
    }
}

static void reading_ends_at_1000_errors(void **state) {
    (void)state;
    static const char *const bad[] = {"#;\n", "?;\n", "#1=A();\n"};
    for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
        ct_buf text;
        ct_buf_init(&text, 1 << 20);
        ct_buf_puts(&text, HEAD);
        for (int i = 0; i < 2000; i++) ct_buf_puts(&text, bad[b]);
        ct_buf_puts(&text, TAIL);
        assert_int_equal(open_text(text.data), CT_PARSE);
        ct_buf_fini(&text);
        assert_string_equal(ct_err_message(),
                            "a.ifc: 1000 errors; the rest of the file was not read");
        assert_int_equal(ct_diagnostics_count(found, CT_SEVERITY_ERROR), 1000);
        assert_null(step);
    }
}

static void edition_3(void **state) {
    (void)state;
    open_ok("\xef\xbb\xbf/* c */ISO-10303-21;\nHEADER;ENDSEC;\nANCHOR;\n<a>=#1;\nENDSEC;\n"
            "REFERENCE;\n#9=<b.ifc#x>;\nENDSEC;\nDATA('a',('IFC4'));\n#1=A();\nENDSEC;\nDATA;\n"
            "#2=A();\nENDSEC;\nEND-ISO-10303-21;\nSIGNATURE;\nAbc/+==\nENDSEC;\n");
    assert_int_equal(ct_step__count(step), 2);
    assert_int_equal(ct_diagnostics_kept(found), 0);
}

static void many_types(void **state) {
    (void)state;
    ct_buf text;
    ct_buf_init(&text, 16 << 20);
    ct_buf_puts(&text, HEAD);
    for (int i = 0; i < 3000; i++) ct_buf_printf(&text, "#%d=T%d(%d);\n", i * 7, i, i);
    ct_buf_puts(&text, TAIL);
    open_ok(text.data);
    ct_buf_fini(&text);
    assert_int_equal(ct_step__n_types(step), 3000);
    for (uint32_t i = 0; i < 3000; i += 100) {
        double x = -1;
        const ct_step__value v = arg(i * 7, 0);
        assert_true(ct_step__number(&x, &v) && x == i);
        assert_int_equal(ct_step__line(step, slot_of(i * 7)), 8 + i);
    }
}

static int setup(void **state) {
    (void)state;
    arena = ct_arena_new(4096, 16 << 20);
    return arena ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    ct_step__close(step);
    ct_diagnostics_free(found);
    ct_arena_free(arena);
    free(bytes);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_index),        cmocka_unit_test(dense_ids),
        cmocka_unit_test(a_header),        cmocka_unit_test(kinds_of_parameters),
        cmocka_unit_test(bad_parameters),  cmocka_unit_test(strings),
        cmocka_unit_test(numbers),         cmocka_unit_test(damaged_files),
        cmocka_unit_test(nested_too_deep), cmocka_unit_test(reading_ends_at_1000_errors),
        cmocka_unit_test(edition_3),       cmocka_unit_test(many_types),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
