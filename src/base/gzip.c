// gzip and zlib by libdeflate. Compressors (up to 1 MB each) are made once a thread and level, and
// freed with the thread.
#include "base/gzip.h"

#include <libdeflate.h>
#include <pthread.h>

enum { MAX_LEVEL = 12, MAX_EXPANSION = 1032 }; // deflate's best: 258 bytes from 2 bits

typedef struct tools {
    struct libdeflate_compressor *compressor[MAX_LEVEL + 1];
    struct libdeflate_decompressor *decompressor;
} tools;

static _Thread_local tools thread_tools;
static pthread_once_t key_once = PTHREAD_ONCE_INIT; // the key exists to free the tools
static pthread_key_t key;
static int key_error;

static void free_tools(void *value) {
    tools *t = value;
    for (int level = 0; level <= MAX_LEVEL; level++) {
        libdeflate_free_compressor(t->compressor[level]); // NULL is fine
        t->compressor[level] = NULL;
    }
    libdeflate_free_decompressor(t->decompressor);
    t->decompressor = NULL;
}

static void make_key(void) {
    key_error = pthread_key_create(&key, free_tools);
}

// A thread that leaves by exit() runs no key destructors.
__attribute__((destructor)) static void free_last_tools(void) {
    free_tools(&thread_tools);
}

static ct_err get_tools(tools **out) {
    pthread_once(&key_once, make_key);
    if (key_error || pthread_setspecific(key, &thread_tools) != 0)
        return ct_fail(CT_NOMEM, "out of memory for a compressor");
    *out = &thread_tools;
    return CT_OK;
}

static ct_err get_compressor(struct libdeflate_compressor **out, int level) {
    if (level < 1 || level > MAX_LEVEL)
        return ct_fail(CT_ARG, "compression level %d is not in 1 to %d", level, MAX_LEVEL);
    tools *t;
    CT_TRY(get_tools(&t));
    if (!t->compressor[level]) t->compressor[level] = libdeflate_alloc_compressor(level);
    if (!t->compressor[level]) return ct_fail(CT_NOMEM, "out of memory for a compressor");
    *out = t->compressor[level];
    return CT_OK;
}

static ct_err get_decompressor(struct libdeflate_decompressor **out) {
    tools *t;
    CT_TRY(get_tools(&t));
    if (!t->decompressor) t->decompressor = libdeflate_alloc_decompressor();
    if (!t->decompressor) return ct_fail(CT_NOMEM, "out of memory for a decompressor");
    *out = t->decompressor;
    return CT_OK;
}

typedef size_t bound_fn(struct libdeflate_compressor *, size_t);
typedef size_t compress_fn(struct libdeflate_compressor *, const void *, size_t, void *, size_t);

static ct_err compress(ct_buf *out, const void *data, size_t length, int level, bound_fn *bound_of,
                       compress_fn *run) {
    struct libdeflate_compressor *compressor;
    CT_TRY(get_compressor(&compressor, level));
    size_t bound = bound_of(compressor, length);
    if (bound > out->max - out->len && out->len <= out->max) bound = out->max - out->len;
    char *place = ct_buf_reserve(out, bound);
    if (!place) return ct_buf_status(out);
    size_t n = run(compressor, length ? data : "", length, place, bound);
    if (n == 0) {
        out->err = CT_LIMIT; // no room: the bound was cut to the buffer's own maximum
        return ct_buf_status(out);
    }
    out->len += n;
    out->data[out->len] = '\0';
    return CT_OK;
}

ct_err ct_gzip(ct_buf *out, const void *data, size_t length, int level) {
    return compress(out, data, length, level, libdeflate_gzip_compress_bound,
                    libdeflate_gzip_compress);
}

ct_err ct_zlib(ct_buf *out, const void *data, size_t length, int level) {
    return compress(out, data, length, level, libdeflate_zlib_compress_bound,
                    libdeflate_zlib_compress);
}

typedef enum libdeflate_result decompress_fn(struct libdeflate_decompressor *, const void *, size_t,
                                             void *, size_t, size_t *, size_t *);

// One gzip member or zlib stream: tries with `guess` bytes of room, then twice that, up to `max`.
static ct_err decompress(ct_buf *out, const char *data, size_t length, size_t guess, size_t max,
                         size_t *used, size_t *made, decompress_fn *run) {
    struct libdeflate_decompressor *decompressor;
    CT_TRY(get_decompressor(&decompressor));
    size_t possible = length < SIZE_MAX / MAX_EXPANSION ? length * MAX_EXPANSION : SIZE_MAX;
    size_t most = possible < max ? possible : max; // a lying length cannot make us ask for more
    size_t room = guess < 64 ? 64 : guess;
    for (;;) {
        if (room > most) room = most;
        char *place = ct_buf_reserve(out, room);
        if (!place) return ct_buf_status(out);
        switch (run(decompressor, data, length, place, room, used, made)) {
        case LIBDEFLATE_SUCCESS:
            out->len += *made;
            out->data[out->len] = '\0';
            return CT_OK;
        case LIBDEFLATE_INSUFFICIENT_SPACE:
            if (room == most)
                return most == max ? ct_fail(CT_LIMIT, "more than %zu bytes decompressed", max)
                                   : ct_fail(CT_CORRUPT, "damaged compressed data");
            room = room > most / 2 ? most : room * 2;
            break;
        case LIBDEFLATE_BAD_DATA:
        case LIBDEFLATE_SHORT_OUTPUT:
        default: return ct_fail(CT_CORRUPT, "damaged compressed data");
        }
    }
}

// A gzip file may hold several members, one after the other (RFC 1952, section 2.2).
ct_err ct_gunzip(ct_buf *out, const void *data, size_t length, size_t max_bytes) {
    const unsigned char *p = data;
    size_t before = out->len, left = max_bytes;
    ct_err err = length ? CT_OK : ct_fail(CT_CORRUPT, "empty compressed data");
    while (err == CT_OK && length > 0) {
        size_t guess = 0, used = 0, made = 0;
        if (length >= 18) { // the last four bytes: plain length modulo 2^32
            const unsigned char *end = p + length;
            guess = (size_t)end[-4] | (size_t)end[-3] << 8 | (size_t)end[-2] << 16 |
                    (size_t)end[-1] << 24;
        }
        err = decompress(out, (const char *)p, length, guess, left, &used, &made,
                         libdeflate_gzip_decompress_ex);
        p += used;
        length -= used;
        left -= made;
    }
    if (err != CT_OK) out->len = before;
    return err;
}

ct_err ct_unzlib(ct_buf *out, const void *data, size_t length, size_t max_bytes) {
    size_t before = out->len, used = 0, made = 0;
    size_t guess = length < SIZE_MAX / 4 ? length * 4 : length;
    ct_err err = decompress(out, data, length, guess, max_bytes, &used, &made,
                            libdeflate_zlib_decompress_ex);
    if (err == CT_OK && used != length)
        err = ct_fail(CT_CORRUPT, "bytes after the compressed data");
    if (err != CT_OK) out->len = before;
    return err;
}

uint32_t ct_crc32(uint32_t crc, const void *data, size_t length) {
    return length ? libdeflate_crc32(crc, data, length) : crc;
}
