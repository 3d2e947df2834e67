// The state as bytes: identity of the parameters, saving, loading, hashing.
//
// Layout: header, hash of the rest, scalars, edge overrides, sources, then whole arrays. Numbers
// are the machine's own: a checkpoint continues a run on the machine or the kind of machine that
// made it. The sills stand first: the thin walls of a surface follow from them.
#include <string.h>

#include "sim/flood/state.h"

static const char magic[8] = {'c', 't', 'f', 'l', 'o', 'o', 'd', '3'};

typedef struct header {
    char magic[8];
    uint64_t bytes; // of the whole checkpoint
    ct_hash128 identity;
    ct_hash128 payload;
} header;

typedef struct scalars {
    double time_s, wave_ms, initial_m3, taken_until_s;
    uint64_t steps;
    ct_sum rain_m3, rain_lost_m3, exchange_in_m3, exchange_out_m3, taken_sum_m;
    ct_sum in_m3[CT_FLOOD_SIDES], out_m3[CT_FLOOD_SIDES];
} scalars;

// What moves of a source.
typedef struct source_state {
    double override;
    ct_sum in_m3, out_m3;
} source_state;

static source_state get_source(const ct_flood *f, size_t index) {
    const ct_flood__source *s = &f->sources[index];
    return (source_state){s->override, s->in_m3, s->out_m3};
}

static void set_source(ct_flood *f, size_t index, const source_state *from) {
    ct_flood__source *s = &f->sources[index];
    s->override = from->override;
    s->in_m3 = from->in_m3;
    s->out_m3 = from->out_m3;
}

// Between the scalars and the arrays.
static size_t controls_bytes(const ct_flood *f) {
    return f->edge_count * sizeof(double) + f->source_count * sizeof(source_state);
}

typedef struct span {
    void *values;
    size_t bytes;
} span;

enum { OWN = 3 }; // arrays before the surface's pieces

static size_t span_count(const ct_flood *f) {
    return OWN + ct_surface_pieces(f->surface) + (f->soil ? 1 : 0);
}

// Every array that decides the future or is a result.
static span get_span(const ct_flood *f, size_t index) {
    const size_t each = sizeof(double), n = f->cells * each;
    if (f->soil && index + 1 == span_count(f)) return (span){f->taken_m, n};
    if (index >= OWN) {
        span piece;
        piece.values = ct_surface_piece(f->surface, index - OWN, &piece.bytes);
        return piece;
    }
    const span own[OWN] = {
        {f->sill_x, n + f->ny * each}, {f->sill_y, n + f->nx * each}, {f->arrival, n}};
    return own[index];
}

static scalars get_scalars(const ct_flood *f) {
    scalars s = {.time_s = f->time_s,
                 .wave_ms = f->wave_ms,
                 .initial_m3 = f->initial_m3,
                 .steps = f->steps,
                 .rain_m3 = f->rain.reached_m3,
                 .rain_lost_m3 = f->rain.lost_m3,
                 .taken_until_s = f->taken_until_s,
                 .taken_sum_m = f->taken_sum_m,

                 .exchange_in_m3 = f->exchange_in_m3,
                 .exchange_out_m3 = f->exchange_out_m3};
    for (int i = 0; i < CT_FLOOD_SIDES; i++) {
        s.in_m3[i] = f->rim[i].in_m3;
        s.out_m3[i] = f->rim[i].out_m3;
    }
    return s;
}

static void set_scalars(ct_flood *f, const scalars *s) {
    f->time_s = s->time_s;
    f->wave_ms = s->wave_ms;
    f->initial_m3 = s->initial_m3;
    f->steps = s->steps;
    f->rain.reached_m3 = s->rain_m3;
    f->rain.lost_m3 = s->rain_lost_m3;
    f->taken_until_s = s->taken_until_s;
    f->taken_sum_m = s->taken_sum_m;
    f->exchange_in_m3 = s->exchange_in_m3;
    f->exchange_out_m3 = s->exchange_out_m3;
    for (int i = 0; i < CT_FLOOD_SIDES; i++) {
        f->rim[i].in_m3 = s->in_m3[i];
        f->rim[i].out_m3 = s->out_m3[i];
    }
}

static void chain_series(ct_hash128 *acc, const ct_curve *series) {
    uint64_t count = series->count;
    ct_hash_chain(acc, &count, sizeof count);
    if (series->count == 0) return;
    ct_hash_chain(acc, series->x, series->count * sizeof *series->x);
    ct_hash_chain(acc, series->y, series->count * sizeof *series->y);
}

static void chain_soils(ct_hash128 *acc, const ct_flood *f) {
    if (!f->soil) return;
    ct_hash_chain(acc, f->soil, f->cells);
    for (size_t i = 0; i < f->soil_count; i++) {
        const ct_flood_soil *s = &f->soils[i];
        const double numbers[] = {s->kind,         s->rate_ms,     s->initial_ms,
                                  s->decay_s,      s->suction_m,   s->deficit,
                                  s->curve_number, s->abstraction, s->capacity_m};
        ct_hash_chain(acc, numbers, sizeof numbers);
    }
}

void ct_flood__identify(ct_flood *f) {
    ct_hash128 acc = {0, 0};
    size_t bytes = f->cells * sizeof(double);
    uint64_t counts[4] = {f->nx, f->ny, f->edge_count, f->source_count};
    double numbers[4] = {f->cell_m, f->cfl, f->quantum_m, f->start_s};
    uint64_t scheme[3] = {(uint64_t)f->scheme, (uint64_t)f->precision, f->local_steps};
    ct_hash_chain(&acc, counts, sizeof counts);
    ct_hash_chain(&acc, numbers, sizeof numbers);
    ct_hash_chain(&acc, scheme, sizeof scheme);
    ct_hash_chain(&acc, f->z, bytes);
    ct_hash_chain(&acc, f->gn2, bytes);
    ct_hash_chain(&acc, f->rain.gain, bytes);
    ct_hash_chain(&acc, f->rain.lost_m2, f->rain.count * sizeof *f->rain.lost_m2);
    if (f->blocked) ct_hash_chain(&acc, f->blocked, f->cells);
    if (f->debris) ct_hash_chain(&acc, f->debris, bytes);
    if (f->rain.zone) ct_hash_chain(&acc, f->rain.zone, f->cells * sizeof *f->rain.zone);
    for (size_t k = 0; k < f->rain.count; k++) chain_series(&acc, &f->rain.curve[k]);
    chain_soils(&acc, f);
    for (size_t e = 0; e < f->edge_count; e++) {
        const ct_flood__edge *edge = &f->edges[e];
        uint64_t what[4] = {(uint64_t)edge->side, (uint64_t)edge->kind, edge->first, edge->count};
        ct_hash_chain(&acc, what, sizeof what);
        chain_series(&acc, &edge->series);
    }
    for (size_t s = 0; s < f->source_count; s++) {
        const ct_flood__source *source = &f->sources[s];
        ct_hash_chain(&acc, source->cells, source->count * sizeof *source->cells);
        chain_series(&acc, &source->discharge);
    }
    f->identity = acc;
}

void ct_flood_hash(const ct_flood *flood, uint64_t out[2]) {
    ct_hash128 acc = flood->identity;
    scalars s = get_scalars(flood);
    ct_hash_chain(&acc, &s, sizeof s);
    for (size_t e = 0; e < flood->edge_count; e++) {
        ct_hash_chain(&acc, &flood->edges[e].override, sizeof flood->edges[e].override);
    }
    for (size_t i = 0; i < flood->source_count; i++) {
        source_state source = get_source(flood, i);
        ct_hash_chain(&acc, &source, sizeof source);
    }
    for (size_t i = 0; i < span_count(flood); i++) {
        span array = get_span(flood, i);
        ct_hash_chain(&acc, array.values, array.bytes);
    }
    out[0] = acc.high;
    out[1] = acc.low;
}

size_t ct_flood_save_bytes(const ct_flood *flood) {
    size_t total = sizeof(header) + sizeof(scalars) + controls_bytes(flood);
    for (size_t i = 0; i < span_count(flood); i++) total += get_span(flood, i).bytes;
    return total;
}

static void put(char **at, const void *bytes, size_t n) {
    memcpy(*at, bytes, n);
    *at += n;
}

static void get(const char **at, void *bytes, size_t n) {
    memcpy(bytes, *at, n);
    *at += n;
}

ct_err ct_flood_save(const ct_flood *flood, void *out, size_t bytes) {
    size_t need = ct_flood_save_bytes(flood);
    if (flood->lost) return ct_fail(CT_DIVERGED, "flood: save: the state has diverged");
    if (bytes < need)
        return ct_fail(CT_ARG, "flood: save: %zu bytes given, %zu needed", bytes, need);
    char *at = (char *)out + sizeof(header);
    scalars s = get_scalars(flood);
    put(&at, &s, sizeof s);
    for (size_t e = 0; e < flood->edge_count; e++) {
        put(&at, &flood->edges[e].override, sizeof(double));
    }
    for (size_t i = 0; i < flood->source_count; i++) {
        source_state source = get_source(flood, i);
        put(&at, &source, sizeof source);
    }
    for (size_t i = 0; i < span_count(flood); i++) {
        span array = get_span(flood, i);
        put(&at, array.values, array.bytes);
    }
    header head = {.bytes = need, .identity = flood->identity};
    memcpy(head.magic, magic, sizeof magic);
    head.payload = ct_hash_bytes((char *)out + sizeof head, need - sizeof head);
    memcpy(out, &head, sizeof head);
    return CT_OK;
}

// Before anything is overwritten: the memory for the thin walls of the state at `at`.
static ct_err make_room(ct_flood *f, const char *at) {
    const char *sills = at + sizeof(scalars) + controls_bytes(f);
    const ct_surface_walls walls = {f->z, f->blocked, sills, sills + get_span(f, 0).bytes};
    return ct_context(ct_surface_room_for_walls(f->surface, &walls), "flood: load");
}

ct_err ct_flood_load(ct_flood *flood, const void *data, size_t bytes) {
    header head;
    if (bytes < sizeof head) return ct_fail(CT_CORRUPT, "flood: load: only %zu bytes", bytes);
    memcpy(&head, data, sizeof head);
    if (memcmp(head.magic, magic, sizeof magic) != 0 || head.bytes != bytes) {
        return ct_fail(CT_CORRUPT, "flood: load: not a whole flood checkpoint (%zu bytes)", bytes);
    }
    if (memcmp(&head.identity, &flood->identity, sizeof head.identity) != 0 ||
        bytes != ct_flood_save_bytes(flood)) {
        return ct_fail(CT_ARG, "flood: load: the checkpoint belongs to other parameters");
    }
    const char *at = (const char *)data + sizeof head;
    ct_hash128 found = ct_hash_bytes(at, bytes - sizeof head);
    if (memcmp(&found, &head.payload, sizeof found) != 0) {
        return ct_fail(CT_CORRUPT, "flood: load: the checkpoint's hash does not fit its bytes");
    }
    CT_TRY(make_room(flood, at));
    scalars s;
    get(&at, &s, sizeof s);
    set_scalars(flood, &s);
    for (size_t e = 0; e < flood->edge_count; e++) {
        get(&at, &flood->edges[e].override, sizeof(double));
    }
    for (size_t i = 0; i < flood->source_count; i++) {
        source_state source;
        get(&at, &source, sizeof source);
        set_source(flood, i, &source);
    }
    for (size_t i = 0; i < span_count(flood); i++) {
        span array = get_span(flood, i);
        get(&at, array.values, array.bytes);
    }
    ct_flood__rain_jump(&flood->rain);
    const ct_surface_walls walls = {flood->z, flood->blocked, flood->sill_x, flood->sill_y};
    ct_surface_loaded(flood->surface, &walls);
    flood->lost = false;
    return CT_OK;
}
