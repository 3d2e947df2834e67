// Which faces close a space: along every edge as many run one way as the other. Then shells are
// what hangs together by edges, cavities those that look inwards.
#include <math.h>
#include <string.h>

#include "export/city/city.h"
#include "export/city/room.h"

typedef struct side {        // of an edge, as one face runs along it
    uint32_t from, to, face; // face: the first
    uint32_t n;              // faces that run so
    uint32_t age;            // of the edges when it came; older ones are forgotten
} side;

typedef struct ct_cityout__edges {
    side *slots; // by hash
    size_t n, n_slots;
    uint32_t age;        // from 1
    size_t n_lone;       // sides without their counterpart
    uint32_t (*more)[2]; // faces that run as another does, with that one
    size_t n_more, more_room;
} edges;

struct ct_cityout__edges *ct_cityout__edges_new(void) {
    edges *e = ct_calloc(1, sizeof *e);
    if (e) e->age = 1;
    return e;
}

void ct_cityout__edges_free(struct ct_cityout__edges *e) {
    if (!e) return;
    ct_free(e->slots);
    ct_free(e->more);
    ct_free(e);
}

void ct_cityout__edges_reset(struct ct_cityout__edges *e) {
    if (++e->age == 0) {
        if (e->n_slots) memset(e->slots, 0, e->n_slots * sizeof *e->slots);
        e->age = 1;
    }
    e->n = e->n_lone = e->n_more = 0;
}

static bool is_used(const edges *e, const side *s) {
    return s->age == e->age;
}

static side *slot_of(const edges *e, uint32_t from, uint32_t to) {
    const uint64_t key = ((uint64_t)from << 32 | to) * 0x9E3779B97F4A7C15U;
    size_t i = (size_t)(key >> 20) & (e->n_slots - 1);
    while (is_used(e, &e->slots[i]) && (e->slots[i].from != from || e->slots[i].to != to))
        i = (i + 1) & (e->n_slots - 1);
    return &e->slots[i];
}

static ct_err grow(edges *e) {
    edges wider = *e;
    wider.n_slots = e->n_slots ? 2 * e->n_slots : 1024;
    wider.slots = ct_calloc(wider.n_slots, sizeof *wider.slots);
    if (!wider.slots) return CT_NOMEM;
    for (size_t i = 0; i < e->n_slots; i++)
        if (is_used(e, &e->slots[i]))
            *slot_of(&wider, e->slots[i].from, e->slots[i].to) = e->slots[i];
    ct_free(e->slots);
    *e = wider;
    return CT_OK;
}

static size_t apart(size_t a, size_t b) {
    return a > b ? a - b : b - a;
}

static ct_err add_side(edges *e, uint32_t from, uint32_t to, uint32_t face) {
    if (2 * e->n >= e->n_slots) CT_TRY(grow(e));
    side *s = slot_of(e, from, to);
    const side *against = slot_of(e, to, from);
    const size_t n = is_used(e, s) ? s->n : 0, m = is_used(e, against) ? against->n : 0;
    e->n_lone = e->n_lone - apart(n, m) + apart(n + 1, m);
    if (n) {
        CT_TRY(ct_cityout__room(&e->more, &e->more_room, e->n_more, 1, sizeof *e->more));
        e->more[e->n_more][0] = s->face;
        e->more[e->n_more++][1] = face;
        s->n++;
        return CT_OK;
    }
    *s = (side){from, to, face, 1, e->age};
    e->n++;
    return CT_OK;
}

ct_err ct_cityout__edges_add(bool *closed, struct ct_cityout__edges *e, const ct_cityout__shapes *s,
                             uint32_t first, uint32_t n) {
    for (uint32_t f = first; f < first + n; f++) {
        const ct_cityout__face *face = &s->faces[f];
        for (uint32_t r = face->ring; r < face->ring + face->n_rings; r++) {
            const uint32_t begin = r ? s->ring_end[r - 1] : 0, end = s->ring_end[r];
            for (uint32_t i = begin; i < end; i++)
                CT_TRY(add_side(e, s->corners[i], s->corners[i + 1 < end ? i + 1 : begin], f));
        }
    }
    *closed = e->n > 0 && e->n_lone == 0;
    return CT_OK;
}

// ---- shells -------------------------------------------------------------------------------------

typedef struct shell {
    double volume; // six times, in steps
    int64_t min[3], max[3];
    uint32_t owner; // of a cavity: the shell that it lies in
} shell;

static uint32_t root_of(uint32_t *parent, uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
}

static void join(uint32_t *parent, uint32_t a, uint32_t b) {
    a = root_of(parent, a);
    b = root_of(parent, b);
    parent[a > b ? a : b] = a < b ? a : b;
}

static void measure(shell *sh, const ct_cityout__shapes *s, const ct_cityout__face *face) {
    const int64_t *zero = s->points.all[0].at; // of the feature: near
    for (uint32_t r = face->ring; r < face->ring + face->n_rings; r++) {
        const uint32_t begin = r ? s->ring_end[r - 1] : 0;
        for (uint32_t i = begin; i < s->ring_end[r]; i++) {
            double v[3][3];
            const uint32_t corners[3] = {begin, i, i + 1 < s->ring_end[r] ? i + 1 : begin};
            for (int c = 0; c < 3; c++)
                for (int k = 0; k < 3; k++) {
                    const int64_t at = s->points.all[s->corners[corners[c]]].at[k];
                    v[c][k] = (double)(at - zero[k]);
                    if (at < sh->min[k]) sh->min[k] = at;
                    if (at > sh->max[k]) sh->max[k] = at;
                }
            for (int k = 0; k < 3; k++) {
                const int l = (k + 1) % 3, m = (k + 2) % 3;
                sh->volume += v[0][k] * (v[1][l] * v[2][m] - v[1][m] * v[2][l]);
            }
        }
    }
}

static bool contains(const shell *outer, const shell *inner) {
    for (int k = 0; k < 3; k++)
        if (inner->min[k] < outer->min[k] || inner->max[k] > outer->max[k]) return false;
    return true;
}

// The smallest outside about each cavity. False where one has none.
static bool find_owners(shell *shells, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        shells[i].owner = UINT32_MAX;
        if (shells[i].volume > 0) continue;
        for (uint32_t k = 0; k < n; k++)
            if (shells[k].volume > -shells[i].volume && contains(&shells[k], &shells[i]) &&
                (shells[i].owner == UINT32_MAX ||
                 shells[k].volume < shells[shells[i].owner].volume))
                shells[i].owner = k;
        if (shells[i].owner == UINT32_MAX) return false;
    }
    return true;
}

static ct_err add_shell(ct_cityout__shapes *s, const uint32_t *shell_of, uint32_t number,
                        uint32_t first, uint32_t n) {
    const size_t begin = s->n_order;
    CT_TRY(ct_cityout__room(&s->order, &s->order_room, begin, n, sizeof *s->order));
    CT_TRY(ct_cityout__room(&s->shells, &s->shell_room, s->n_shells, 1, sizeof *s->shells));
    for (uint32_t i = 0; i < n; i++)
        if (shell_of[i] == number) s->order[s->n_order++] = first + i;
    s->shells[s->n_shells++] = (ct_cityout__shell){(uint32_t)begin, (uint32_t)(s->n_order - begin)};
    return CT_OK;
}

static ct_err add_all(ct_cityout__shapes *s, const shell *shells, uint32_t n_shells,
                      const uint32_t *shell_of, uint32_t first, uint32_t n, uint8_t lod) {
    for (uint32_t i = 0; i < n_shells; i++) {
        if (!(shells[i].volume > 0)) continue;
        const uint32_t begin = (uint32_t)s->n_shells;
        CT_TRY(add_shell(s, shell_of, i, first, n));
        for (uint32_t k = 0; k < n_shells; k++)
            if (shells[k].owner == i) CT_TRY(add_shell(s, shell_of, k, first, n));
        CT_TRY(ct_cityout__room(&s->geometries, &s->geometry_room, s->n_geometries, 1,
                                sizeof *s->geometries));
        s->geometries[s->n_geometries++] =
            (ct_cityout__geometry){.kind = CT_CITYOUT__SOLID,
                                   .lod = lod,
                                   .shell = begin,
                                   .n_shells = (uint32_t)s->n_shells - begin};
    }
    return CT_OK;
}

// Numbers the shells by their first faces, and measures them.
static uint32_t part(shell *shells, uint32_t *shell_of, uint32_t *parent,
                     const ct_cityout__shapes *s, uint32_t first, uint32_t n) {
    const edges *e = s->edges;
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++) parent[i] = i;
    for (size_t i = 0; i < e->n_slots; i++)
        if (is_used(e, &e->slots[i]))
            join(parent, e->slots[i].face - first,
                 slot_of(e, e->slots[i].to, e->slots[i].from)->face - first);
    for (size_t i = 0; i < e->n_more; i++)
        join(parent, e->more[i][0] - first, e->more[i][1] - first);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t root = root_of(parent, i);
        if (root == i) {
            shells[count] = (shell){.min = {INT64_MAX, INT64_MAX, INT64_MAX},
                                    .max = {INT64_MIN, INT64_MIN, INT64_MIN}};
            shell_of[i] = count++;
        } else {
            shell_of[i] = shell_of[root]; // roots are the lowest of their faces
        }
        measure(&shells[shell_of[i]], s, &s->faces[first + i]);
    }
    return count;
}

ct_err ct_cityout__add_solids(bool *sound, ct_cityout__shapes *s, uint32_t first, uint32_t n,
                              uint8_t lod) {
    shell *shells = ct_calloc(n, sizeof *shells);
    uint32_t *shell_of = ct_calloc(n, sizeof *shell_of), *parent = ct_calloc(n, sizeof *parent);
    ct_err err = shells && shell_of && parent ? CT_OK : CT_NOMEM;
    *sound = false;
    if (err == CT_OK) {
        const uint32_t count = part(shells, shell_of, parent, s, first, n);
        *sound = find_owners(shells, count);
        if (*sound) err = add_all(s, shells, count, shell_of, first, n, lod);
    }
    ct_free(shells);
    ct_free(shell_of);
    ct_free(parent);
    return err;
}
