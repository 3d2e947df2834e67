// Speed of reading a CityJSONSeq file (its path is the argument), by processor time, the best of
// five rounds: its texts onto a tape, beside jansson, which makes a tree of them; then features
// with their polygons, meanings and attributes as well, which go to nobody.
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "bench_data/bench_data.h"
#include "ingest/cityjson/cityjson.h"

enum { ROUNDS = 5 };

typedef struct bench {
    char *text; // of the file, lines ended by NUL
    size_t length;
    ct_tape *tape;
    ct_cityjson__document d;
    size_t n_objects; // taken in this round
} bench;

typedef ct_err (*reader)(bench *b, char *line, size_t n, bool first);

static double processor_s(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static ct_err read_lines(bench *b, reader read) {
    bool first = true;
    for (char *line = b->text, *end = b->text + b->length; line < end; first = false) {
        const size_t n = strlen(line);
        if (n) CT_TRY(read(b, line, n, first));
        line += n + 1;
    }
    return CT_OK;
}

// Megabytes a second of the best round.
static ct_err measure(double *out, bench *b, reader read) {
    double best = INFINITY;
    for (int i = 0; i < ROUNDS; i++) {
        const double start = processor_s();
        b->n_objects = 0;
        CT_TRY(read_lines(b, read));
        best = fmin(best, processor_s() - start);
    }
    *out = 1e-6 * (double)b->length / best;
    return CT_OK;
}

static ct_err by_tape(bench *b, char *line, size_t n, bool first) {
    const ct_tape_value *root;
    (void)first;
    return ct_tape_parse(&root, b->tape, line, n, n);
}

static ct_err by_jansson(bench *b, char *line, size_t n, bool first) {
    json_t *root;
    (void)b;
    (void)first;
    CT_TRY(ct_json_parse(&root, line, n, n));
    json_decref(root);
    return CT_OK;
}

static ct_err whole(bench *b, char *line, size_t n, bool first) {
    const ct_tape_value *root;
    CT_TRY(ct_tape_parse(&root, b->tape, line, n, n));
    if (first) return ct_cityjson__header(&b->d, root);
    return ct_cityjson__feature(&b->d, root);
}

// What becomes of a tree of objects: it is counted.
static ct_err count_tree(ct_city__reader *r, ct_city__object *root) {
    bench *b = (bench *)((char *)r - offsetof(bench, d.r));
    (void)root;
    b->n_objects++;
    return CT_OK;
}

static ct_err measure_all(bench *b) {
    double tape, jansson, features;
    CT_TRY(measure(&tape, b, by_tape));
    CT_TRY(measure(&jansson, b, by_jansson));
    CT_TRY(measure(&features, b, whole));
    if (b->n_objects == 0) return ct_fail(CT_INTERNAL, "no objects came");
    print_figure("city", "CityJSONSeq, texts onto a tape; peer: jansson, here", tape, "MB/s", 300,
                 false, jansson);
    print_figure("city", "CityJSONSeq, features with polygons and meanings, to nobody", features,
                 "MB/s", 300, false, NAN);
    return CT_OK;
}

// The reader as an import opens it.
static ct_err open_document(bench *b, ct_ingest__job *job) {
    enum { BLOCK = 1 << 20 };
    b->d = (ct_cityjson__document){.scale = {1, 1, 1}, .line = 1};
    CT_TRY(ct_city__init(&b->d.r, job));
    b->d.r.deliver = count_tree;
    b->d.texts = ct_arena_new(BLOCK, 0);
    b->tape = ct_tape_new();
    return b->d.texts && b->tape ? measure_all(b) : CT_NOMEM;
}

static ct_err run(bench *b, const char *path) {
    ct_catalogue *catalogue = NULL;
    CT_TRY(ct_file_read(&b->text, &b->length, path, SIZE_MAX - 1));
    for (char *c = b->text; (c = memchr(c, '\n', b->length - (size_t)(c - b->text)));) *c++ = '\0';
    CT_TRY(ct_catalogue_load(&catalogue, NULL));
    ct_ingest_report *report = ct_ingest_report_new(catalogue);
    ct_ingest__job job = {.path = path,
                          .file = ct_path_name(path),
                          .options = {.catalogue = catalogue, .max_points = 1000000},
                          .report = report,
                          .diagnostics = report ? ct_ingest_diagnostics(report) : NULL};
    const ct_err err = report ? open_document(b, &job) : CT_NOMEM;
    ct_tape_free(b->tape);
    ct_arena_free(b->d.texts);
    ct_city__fini(&b->d.r);
    ct_ingest_report_free(report);
    ct_catalogue_free(catalogue);
    return err;
}

int main(int argc, char **argv) {
    bench b = {0};
    const ct_err err =
        argc == 2 ? run(&b, argv[1]) : ct_fail(CT_ARG, "the path of a file expected");
    if (err != CT_OK) (void)fprintf(stderr, "bench_city: %s\n", ct_err_message());
    ct_free(b.text);
    return err == CT_OK ? 0 : 1;
}
