// A feature on the spool and back: lengths and numbers in a row.
#include <string.h>

#include "export/city/cityjson.h"

typedef struct head {
    uint64_t json_bytes;
    uint32_t with_bytes, without_bytes; // their ends included
} head;

static void put_u32(ct_buf *out, uint32_t value) {
    ct_buf_put(out, &value, sizeof value);
}

static void put_face(ct_buf *out, const ct_cityout__shapes *s, const ct_cityout__face *f) {
    put_u32(out, f->tag);
    put_u32(out, f->material);
    put_u32(out, f->n_rings);
    for (uint32_t r = f->ring; r < f->ring + f->n_rings; r++) {
        const uint32_t begin = r ? s->ring_end[r - 1] : 0;
        put_u32(out, s->ring_end[r] - begin);
        for (uint32_t i = begin; i < s->ring_end[r]; i++)
            ct_buf_put(out, &s->points.all[s->corners[i]], sizeof(ct_cityout__point));
    }
}

ct_err ct_cityout__record(ct_buf *out, const ct_cityout__type *type, const ct_buf *json,
                          const ct_cityout__shapes *s) {
    const head h = {.json_bytes = json->len,
                    .with_bytes = (uint32_t)strlen(type->with) + 1,
                    .without_bytes = (uint32_t)strlen(type->without) + 1};
    CT_TRY(ct_buf_status(json));
    ct_buf_reset(out);
    ct_buf_put(out, &h, sizeof h);
    ct_buf_put(out, type->with, h.with_bytes);
    ct_buf_put(out, type->without, h.without_bytes);
    ct_buf_put(out, json->data, json->len);
    put_u32(out, (uint32_t)s->n_geometries);
    for (size_t g = 0; g < s->n_geometries; g++) {
        const ct_cityout__geometry *of = &s->geometries[g];
        put_u32(out, of->kind);
        ct_buf_put(out, of->lod_text, sizeof of->lod_text);
        put_u32(out, of->n_shells);
        for (uint32_t k = of->shell; k < of->shell + of->n_shells; k++) {
            put_u32(out, s->shells[k].n_faces);
            for (uint32_t f = 0; f < s->shells[k].n_faces; f++)
                put_face(out, s, &s->faces[s->order[s->shells[k].face + f]]);
        }
    }
    return ct_buf_status(out);
}

ct_err ct_cityout__item_of(ct_cityout__item *out, const ct_buf *record) {
    head h;
    if (record->len < sizeof h) return ct_fail(CT_CORRUPT, "the spool was changed by others");
    memcpy(&h, record->data, sizeof h);
    const char *at = record->data + sizeof h;
    *out = (ct_cityout__item){.with = at,
                              .without = at + h.with_bytes,
                              .json = at + h.with_bytes + h.without_bytes,
                              .json_bytes = h.json_bytes};
    out->shapes = out->json + h.json_bytes;
    const size_t used = (size_t)(out->shapes - record->data);
    if (used > record->len) return ct_fail(CT_CORRUPT, "the spool was changed by others");
    out->shapes_bytes = record->len - used;
    return CT_OK;
}
