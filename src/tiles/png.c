// The PNG writer: head, palette, alpha, one compressed block of data.
#include "tiles/png.h"

#include <string.h>

#include "base/gzip.h"
#include "base/mem.h"

enum { MAX_SIDE = 4096, COLOUR_PALETTE = 3, COMPRESSION_LEVEL = 1 };

static void put_u32be(ct_buf *out, uint32_t v) {
    const uint8_t bytes[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8),
                              (uint8_t)v};
    ct_buf_put(out, bytes, sizeof bytes);
}

// The chunk's length and checksum are known at its end only: begin keeps room, end fills it in.
static size_t begin_chunk(ct_buf *out, const char type[5]) {
    const size_t at = out->len;
    put_u32be(out, 0);
    ct_buf_put(out, type, 4);
    return at;
}

static void end_chunk(ct_buf *out, size_t at) {
    if (ct_buf_status(out) != CT_OK) return;
    const size_t length = out->len - at - 8;
    for (int i = 0; i < 4; i++) out->data[at + (size_t)i] = (char)(uint8_t)(length >> (24 - 8 * i));
    put_u32be(out, ct_crc32(0, out->data + at + 4, length + 4));
}

static void put_head(ct_buf *out, uint32_t width, uint32_t height, int bits) {
    static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    ct_buf_put(out, signature, sizeof signature);
    const size_t at = begin_chunk(out, "IHDR");
    put_u32be(out, width);
    put_u32be(out, height);
    const uint8_t rest[5] = {(uint8_t)bits, COLOUR_PALETTE, 0, 0, 0};
    ct_buf_put(out, rest, sizeof rest);
    end_chunk(out, at);
}

static void put_palette(ct_buf *out, const uint8_t *palette, size_t n) {
    size_t at = begin_chunk(out, "PLTE"), translucent = 0;
    for (size_t i = 0; i < n; i++) {
        ct_buf_put(out, palette + 4 * i, 3);
        if (palette[4 * i + 3] != 255) translucent = i + 1;
    }
    end_chunk(out, at);
    if (!translucent) return;
    at = begin_chunk(out, "tRNS"); // colours after the last listed one are opaque
    for (size_t i = 0; i < translucent; i++) ct_buf_put(out, palette + 4 * i + 3, 1);
    end_chunk(out, at);
}

static void pack_row(uint8_t *to, const uint8_t *from, uint32_t width, int bits) {
    const uint32_t per_byte = 8 / (uint32_t)bits;
    for (uint32_t x = 0; x < width; x += per_byte) {
        unsigned packed = 0;
        for (uint32_t i = 0; i < per_byte; i++)
            packed = packed << bits | (x + i < width ? from[x + i] : 0);
        *to++ = (uint8_t)packed;
    }
}

static ct_err put_data(ct_buf *out, const uint8_t *pixels, uint32_t width, uint32_t height,
                       int bits) {
    const size_t row = 1 + ((size_t)width * (size_t)bits + 7) / 8;
    uint8_t *raw = ct_alloc(row * height);
    if (!raw) return CT_NOMEM;
    for (uint32_t y = 0; y < height; y++) {
        raw[y * row] = 0; // no filter
        if (bits == 8)
            memcpy(raw + y * row + 1, pixels + (size_t)y * width, width);
        else
            pack_row(raw + y * row + 1, pixels + (size_t)y * width, width, bits);
    }
    const size_t at = begin_chunk(out, "IDAT");
    const ct_err err = ct_zlib(out, raw, row * height, COMPRESSION_LEVEL);
    if (err == CT_OK) end_chunk(out, at);
    ct_free(raw);
    return err;
}

ct_err ct_tiles__png(ct_buf *out, const uint8_t *pixels, uint32_t width, uint32_t height,
                     const uint8_t *palette, size_t n_colours) {
    if (width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE || n_colours == 0 ||
        n_colours > 256)
        return ct_fail(CT_ARG, "a picture of %u by %u pixels with %zu colours", width, height,
                       n_colours);
    const int bits = n_colours <= 2 ? 1 : n_colours <= 4 ? 2 : n_colours <= 16 ? 4 : 8;
    put_head(out, width, height, bits);
    put_palette(out, palette, n_colours);
    CT_TRY(ct_buf_status(out));
    CT_TRY(put_data(out, pixels, width, height, bits));
    end_chunk(out, begin_chunk(out, "IEND"));
    return ct_buf_status(out);
}
