// Any bytes as a table of overrides: refused with lines that are named, or rows that a table
// written anew from them gives again, and features that take their values as a whole or stay as
// they were.
#include "ingest/overrides.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "scratch_folder.h"

enum { DIAGNOSTICS = 8 };

typedef struct reading {
    ct_arena *arena;
    ct_diagnostics *diagnostics;
    ct_override *rows;
    size_t n;
    ct_err err;
} reading;

static reading read_table(const char *name, const void *data, size_t size) {
    reading r = {.arena = ct_arena_new(4096, 64 << 20),
                 .diagnostics = ct_diagnostics_new(DIAGNOSTICS)};
    FUZZ_MUST(r.arena && r.diagnostics);
    const char *path = scratch(name);
    scratch_write(path, data, size);
    r.err = ct_overrides_read(&r.rows, &r.n, r.arena, path, r.diagnostics);
    return r;
}

static void end(const reading *r) {
    ct_diagnostics_free(r->diagnostics);
    ct_arena_free(r->arena);
}

static void check_refusal(const reading *r) {
    FUZZ_MUST(!r->rows && r->n == 0 && strlen(ct_err_message()) > 0);
    for (size_t i = 0; i < ct_diagnostics_kept(r->diagnostics); i++) {
        const ct_diagnostic *d = ct_diagnostics_at(r->diagnostics, i);
        FUZZ_MUST(strncmp(d->where, "a.csv:", 6) == 0 && strtol(d->where + 6, NULL, 10) >= 1 &&
                  *d->text);
    }
}

static void put_cell(ct_buf *b, const char *text, char after) {
    ct_buf_putc(b, '"');
    for (; *text; text++) {
        if (*text == '"') ct_buf_putc(b, '"');
        ct_buf_putc(b, *text);
    }
    ct_buf_putc(b, '"');
    ct_buf_putc(b, after);
}

static void check_again(const reading *r) {
    ct_buf b;
    ct_buf_init(&b, (size_t)1 << 30);
    ct_buf_puts(&b, "value,attribute,id\r\n");
    for (size_t i = 0; i < r->n; i++) {
        put_cell(&b, r->rows[i].value, ',');
        put_cell(&b, r->rows[i].attribute, ',');
        put_cell(&b, r->rows[i].id, '\n');
    }
    FUZZ_MUST(ct_buf_status(&b) == CT_OK);
    const reading again = read_table("b.csv", b.data, b.len);
    FUZZ_MUST(again.err == CT_OK && again.n == r->n);
    for (size_t i = 0; i < r->n; i++) {
        const ct_override *x = &r->rows[i], *y = &again.rows[i];
        FUZZ_MUST(strcmp(x->id, y->id) == 0 && strcmp(x->attribute, y->attribute) == 0 &&
                  strcmp(x->value, y->value) == 0);
    }
    end(&again);
    ct_buf_fini(&b);
}

static void check_rows(const reading *r) {
    for (size_t i = 0; i < r->n; i++) {
        const ct_override *o = &r->rows[i];
        FUZZ_MUST(*o->id && *o->attribute && o->value);
        FUZZ_MUST(o->line > (i ? r->rows[i - 1].line : 1));
        FUZZ_MUST(ct_utf8_valid(o->id, strlen(o->id)));
        FUZZ_MUST(ct_utf8_valid(o->attribute, strlen(o->attribute)));
        FUZZ_MUST(ct_utf8_valid(o->value, strlen(o->value)));
    }
}

// The first rows, whatever their ids, into one feature of the class.
static void check_applied(const reading *r, const ct_class *cls) {
    enum { SOME = 32 };
    const size_t bytes = cls->n_attrs * sizeof(ct_value);
    ct_value *before = ct_arena_alloc(r->arena, bytes);
    ct_feature f;
    FUZZ_MUST(before && ct_feature_new(&f, r->arena, cls) == CT_OK);
    f.id = "x";
    for (size_t i = 0; i < r->n && i < SOME; i++) {
        const ct_value *values = f.values;
        memcpy(before, values, bytes);
        if (ct_override_apply(&f, r->arena, &r->rows[i]) == CT_OK) {
            const ct_value *v = &f.values[ct_class_attr(cls, r->rows[i].attribute)];
            FUZZ_MUST(*r->rows[i].value || v->kind == CT_VALUE_NULL);
            FUZZ_MUST(ct_feature_check(&f, r->arena) == CT_OK);
        } else {
            FUZZ_MUST(strlen(ct_err_message()) > 0);
            FUZZ_MUST(f.values == values && memcmp(before, f.values, bytes) == 0);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const classes[] = {"building", "opening", "space", "device"};
    static ct_catalogue *catalogue;
    if (!catalogue) FUZZ_MUST(ct_catalogue_load(&catalogue, NULL) == CT_OK);
    const reading r = read_table("a.csv", data, size);
    if (r.err != CT_OK) {
        check_refusal(&r);
    } else {
        check_rows(&r);
        check_again(&r);
        for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
            check_applied(&r, ct_catalogue_by_name(catalogue, classes[i]));
    }
    end(&r);
    return 0;
}
