// .ifczip: unpacked within limits; archives that are damaged, empty, or hold too much or too
// little.
#include "../harness.h"
#include "base/buf.h"
#include "base/gzip.h"
#include "ingest/ifc/source.h"

typedef struct file { // of an archive, stored or deflated
    const char *name;
    const void *bytes; // as they lie in the archive
    size_t n, real_n;
    uint32_t crc;
    int method; // 0 stored, 8 deflated
} file;

static void put_u16(ct_buf *out, unsigned value) {
    ct_buf_putc(out, (char)(value & 255));
    ct_buf_putc(out, (char)(value >> 8 & 255));
}

static void put_common(ct_buf *out, const file *f) {
    put_u16(out, 20);
    put_u16(out, 0);
    put_u16(out, (unsigned)f->method);
    ct_buf_put_u32le(out, 0); // time and date
    ct_buf_put_u32le(out, f->crc);
    ct_buf_put_u32le(out, (uint32_t)f->n);
    ct_buf_put_u32le(out, (uint32_t)f->real_n);
    put_u16(out, (unsigned)strlen(f->name));
    put_u16(out, 0);
}

// Form: .ZIP file format specification (PKWARE), sections 4.3.7, 4.3.12, 4.3.16.
static const char *write_archive(const char *name, const file *files, size_t n) {
    ct_buf out;
    uint32_t offset[8];
    ct_buf_init(&out, 64 << 20);
    for (size_t i = 0; i < n; i++) {
        offset[i] = (uint32_t)out.len;
        ct_buf_put_u32le(&out, 0x04034b50);
        put_common(&out, &files[i]);
        ct_buf_puts(&out, files[i].name);
        ct_buf_put(&out, files[i].bytes, files[i].n);
    }
    const size_t directory = out.len;
    for (size_t i = 0; i < n; i++) {
        ct_buf_put_u32le(&out, 0x02014b50);
        put_u16(&out, 20);
        put_common(&out, &files[i]);
        put_u16(&out, 0);
        put_u16(&out, 0);
        put_u16(&out, 0);
        ct_buf_put_u32le(&out, 0);
        ct_buf_put_u32le(&out, offset[i]);
        ct_buf_puts(&out, files[i].name);
    }
    const size_t length = out.len - directory;
    ct_buf_put_u32le(&out, 0x06054b50);
    ct_buf_put_u32le(&out, 0);
    put_u16(&out, (unsigned)n);
    put_u16(&out, (unsigned)n);
    ct_buf_put_u32le(&out, (uint32_t)length);
    ct_buf_put_u32le(&out, (uint32_t)directory);
    put_u16(&out, 0);
    must(ct_buf_status(&out));
    const char *path = in_folder(name);
    must(ct_file_write(path, out.data, out.len));
    ct_buf_fini(&out);
    return path;
}

static file stored(const char *name, const char *bytes, size_t n) {
    return (file){name, bytes, n, n, ct_crc32(0, bytes, n), 0};
}

static void an_archive(void **state) {
    (void)state;
    char *text = NULL;
    size_t n = 0;
    must(ct_file_read(&text, &n, DATA("house.ifc"), 1 << 20));
    const file files[] = {stored("read me.txt", "x", 1), stored("in/house.IFC", text, n)};
    const ct_ingest_options o = options_for();
    must(import(write_archive("house {1}.ifczip", files, 2), &o));
    assert_int_equal(ct_ingest_total(report), 15);
    ct_ifc__source source;
    must(ct_ifc__source_open(&source, in_folder("house {1}.ifczip")));
    assert_int_equal(source.n, n);
    assert_memory_equal(source.bytes, text, n);
    ct_ifc__source_close(&source);
    ct_free(text);
}

// As programs pack it. `size`: what the archive says of the file's; `skip`: bytes left out of it.
static ct_err open_deflated(ct_ifc__source *out, const char *text, size_t n, size_t size,
                            size_t skip) {
    ct_buf packed;
    ct_buf_init(&packed, 8 << 20);
    must(ct_gzip(&packed, text, n, 9));
    const file files[] = {
        {"house.ifc", packed.data + 10, packed.len - 18 - skip, size, ct_crc32(0, text, n), 8}};
    static int number; // GDAL remembers archives by their names
    const char *name = ct_arena_printf(arena, "packed%d.ifczip", number++);
    const char *path = write_archive(name, files, 1);
    ct_buf_fini(&packed);
    return ct_ifc__source_open(out, path);
}

static void a_deflated_archive(void **state) {
    (void)state;
    char *text = NULL;
    size_t n = 0;
    ct_ifc__source source;
    must(ct_file_read(&text, &n, DATA("house.ifc"), 1 << 20));
    must(open_deflated(&source, text, n, n, 0));
    assert_int_equal(source.n, n);
    assert_memory_equal(source.bytes, text, n);
    ct_ifc__source_close(&source);
    // Of just one piece, and more than one, as it is read.
    const size_t sizes[] = {1 << 20, (1 << 20) + 1, 3 << 20};
    for (size_t i = 0; i < 3; i++) {
        char *large = ct_alloc(sizes[i]);
        assert_non_null(large);
        uint32_t seed = 1;
        for (size_t k = 0; k < sizes[i]; k++) {
            seed = seed * 1664525U + 1013904223U;
            large[k] = (char)('a' + (seed >> 16) % 25);
        }
        must(open_deflated(&source, large, sizes[i], sizes[i], 0));
        assert_int_equal(source.n, sizes[i]);
        assert_memory_equal(source.bytes, large, sizes[i]);
        ct_ifc__source_close(&source);
        ct_free(large);
    }
    failed_with(open_deflated(&source, text, n, n + 1, 0), CT_PARSE, "damaged");
    failed_with(open_deflated(&source, text, n, n, 100), CT_PARSE, "damaged");
    ct_free(text);
}

static void wrong_archives(void **state) {
    (void)state;
    const file none[] = {stored("a.txt", "x", 1)};
    const file two[] = {stored("a.ifc", "x", 1), stored("b.ifc", "y", 1)};
    const file empty[] = {stored("a.ifc", "", 0)};
    file damaged[] = {stored("a.ifc", "xyz", 3)};
    ct_ifc__source source;
    failed_with(ct_ifc__source_open(&source, write_archive("a.ifczip", none, 1)), CT_PARSE,
                "0 files .ifc");
    failed_with(ct_ifc__source_open(&source, write_archive("b.ifczip", two, 2)), CT_PARSE,
                "2 files .ifc");
    failed_with(ct_ifc__source_open(&source, write_archive("c.ifczip", empty, 1)), CT_PARSE,
                "is empty");
    damaged[0].method = 8; // no deflated bytes
    failed_with(ct_ifc__source_open(&source, write_archive("d.ifczip", damaged, 1)), CT_PARSE,
                "damaged");
    must(ct_file_write(in_folder("e.ifczip"), "PK\3\4abcdefgh", 12));
    failed_with(ct_ifc__source_open(&source, in_folder("e.ifczip")), CT_PARSE, "cut off");
}

// Blanks deflate to a thousandth; no model does.
static void a_bomb(void **state) {
    (void)state;
    enum { BYTES = 32 << 20 };
    char *blanks = ct_alloc(BYTES);
    assert_non_null(blanks);
    memset(blanks, ' ', BYTES);
    const uint32_t crc = ct_crc32(0, blanks, BYTES);
    ct_buf packed;
    ct_buf_init(&packed, 1 << 20);
    // A gzip file: ten bytes before the deflated ones, eight behind.
    must(ct_gzip(&packed, blanks, BYTES, 9));
    ct_free(blanks);
    const file files[] = {{"a.ifc", packed.data + 10, packed.len - 18, BYTES, crc, 8}};
    ct_ifc__source source;
    failed_with(ct_ifc__source_open(&source, write_archive("bomb.ifczip", files, 1)), CT_LIMIT,
                "times its own size");
    ct_buf_fini(&packed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_archive),
        cmocka_unit_test(a_deflated_archive),
        cmocka_unit_test(wrong_archives),
        cmocka_unit_test(a_bomb),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
