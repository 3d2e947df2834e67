// Boxes into an R*Tree of SQLite. A tree that is made of many at once is packed: they are laid
// along a Hilbert curve over their middles and cut into full nodes, level by level. The nodes go
// straight into the tables in which SQLite keeps the tree ("The SQLite R*Tree Module", 6.1):
// NAME_node has them as blobs, NAME_rowid the leaf of each box, NAME_parent the node above each
// node. A node is, big-endian, the tree's height (in the root, 0 elsewhere) and its number of cells
// in two bytes each; then cells, each a number in eight bytes (of the box, or of the node below)
// and its sides as floats.
#include "store/sqlite/rtree_load.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { ROOT = 1, NODE_HEAD = 4, NODE_MAX_BYTES = 1 << 16, SQL_BYTES = 256 };
// Of a node: so many of ten places are filled, and what is added later does not split each node.
enum { FILL_OF_TEN = 9 };
// What is there is packed again when it is not more than so many times what comes, and all of it
// not more than so many boxes, for which there must be memory.
enum { REPACK_TIMES = 4, REPACK_MAX = 4 << 20 };

// ---- the list -----------------------------------------------------------------------------------
void ct_store__boxes_fini(ct_store__boxes *boxes) {
    ct_free(boxes->at);
    *boxes = (ct_store__boxes){.axes = boxes->axes};
}

static ct_err reserve(ct_store__boxes *boxes, size_t n) {
    enum { FIRST = 256 };
    if (n <= boxes->cap) return CT_OK;
    size_t cap = boxes->cap ? 2 * boxes->cap : FIRST, bytes = 0;
    if (cap < n) cap = n;
    if (!ct_mul_ok(cap, sizeof *boxes->at, &bytes)) return CT_NOMEM;
    ct_store__box *at = ct_realloc(boxes->at, bytes);
    if (!at) return CT_NOMEM;
    boxes->at = at;
    boxes->cap = cap;
    return CT_OK;
}

// SQLite's own steps outwards, so that a box reads the same whoever put it in.
static const double k_shrink = 1 - 1.0 / (1 << 23), k_grow = 1 + 1.0 / (1 << 23);

static float round_down(double v) {
    const float f = (float)v;
    return (double)f > v ? (float)(v * (v < 0 ? k_grow : k_shrink)) : f;
}

static float round_up(double v) {
    const float f = (float)v;
    return (double)f < v ? (float)(v * (v < 0 ? k_shrink : k_grow)) : f;
}

ct_err ct_store__boxes_add(ct_store__boxes *boxes, int64_t id, const double *sides) {
    CT_TRY(reserve(boxes, boxes->n + 1));
    ct_store__box *box = &boxes->at[boxes->n++];
    *box = (ct_store__box){.id = id};
    for (int k = 0; k < 2 * boxes->axes; k += 2) {
        box->sides[k] = round_down(sides[k]);
        box->sides[k + 1] = round_up(sides[k + 1]);
    }
    return CT_OK;
}

// ---- their order --------------------------------------------------------------------------------
typedef struct place {
    uint64_t key; // along the curve
    size_t box;
} place;

enum { CURVE_BITS = 20 };

// How far along the Hilbert curve through a square of 2^20 cells a side the cell (x, y) lies.
static uint64_t hilbert(uint32_t x, uint32_t y) {
    uint64_t along = 0;
    for (uint32_t side = 1U << (CURVE_BITS - 1); side; side >>= 1) {
        const bool right = x & side, upper = y & side;
        along = along << 2 | (right ? (upper ? 2U : 3U) : (upper ? 1U : 0U));
        x &= side - 1;
        y &= side - 1;
        if (upper) continue;
        if (right) { // the quarters below are turned
            x = side - 1 - x;
            y = side - 1 - y;
        }
        const uint32_t t = x;
        x = y;
        y = t;
    }
    return along;
}

static double middle(const ct_store__box *box, int axis) {
    return ((double)box->sides[2 * axis] + (double)box->sides[2 * axis + 1]) / 2;
}

static uint32_t cell_of(double at, double from, double size) {
    const uint32_t last = (1U << CURVE_BITS) - 1;
    const double cell = size > 0 ? (at - from) / size * last : 0;
    return cell >= last ? last : cell > 0 ? (uint32_t)cell : 0;
}

static int by_key(const void *a, const void *b) {
    const place *p = a, *q = b;
    if (p->key != q->key) return p->key < q->key ? -1 : 1;
    return p->box < q->box ? -1 : p->box > q->box;
}

// The boxes along the curve; freed by the caller.
static ct_err lay_out(place **out, const ct_store__boxes *boxes) {
    double low[2] = {0}, high[2] = {0};
    size_t bytes = 0;
    place *places = ct_mul_ok(boxes->n, sizeof *places, &bytes) ? ct_alloc(bytes) : NULL;
    if (!places) return CT_NOMEM;
    for (size_t i = 0; i < boxes->n; i++)
        for (int axis = 0; axis < 2; axis++) {
            const double at = middle(&boxes->at[i], axis);
            if (i == 0 || at < low[axis]) low[axis] = at;
            if (i == 0 || at > high[axis]) high[axis] = at;
        }
    const double size = high[0] - low[0] > high[1] - low[1] ? high[0] - low[0] : high[1] - low[1];
    for (size_t i = 0; i < boxes->n; i++)
        places[i] = (place){hilbert(cell_of(middle(&boxes->at[i], 0), low[0], size),
                                    cell_of(middle(&boxes->at[i], 1), low[1], size)),
                            i};
    qsort(places, boxes->n, sizeof *places, by_key);
    *out = places;
    return CT_OK;
}

// ---- nodes --------------------------------------------------------------------------------------
typedef struct packing {
    ct_store__conn *conn;
    const char *table;
    ct_store__boxes boxes; // of the level at work, in its order
    sqlite3_stmt *put_node, *put_parent;
    size_t node_bytes, cells; // cells: in a node that is filled as new ones are
    int64_t next;             // node's number
    uint8_t node[NODE_MAX_BYTES];
} packing;

static uint8_t *put_big_endian(uint8_t *to, uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; i--, value >>= 8) to[i] = (uint8_t)value;
    return to + bytes;
}

static uint8_t *put_cell(uint8_t *to, const ct_store__box *box, int axes) {
    to = put_big_endian(to, (uint64_t)box->id, 8);
    for (int k = 0; k < 2 * axes; k++) {
        uint32_t bits;
        memcpy(&bits, &box->sides[k], sizeof bits);
        to = put_big_endian(to, bits, 4);
    }
    return to;
}

static void extend(ct_store__box *around, const ct_store__box *box, int axes) {
    for (int k = 0; k < 2 * axes; k += 2) {
        if (box->sides[k] < around->sides[k]) around->sides[k] = box->sides[k];
        if (box->sides[k + 1] > around->sides[k + 1]) around->sides[k + 1] = box->sides[k + 1];
    }
}

static ct_err write_node(packing *p, int64_t number, size_t height, const ct_store__box *cells,
                         size_t n) {
    uint8_t *to = p->node;
    memset(to, 0, p->node_bytes);
    to = put_big_endian(to, height, 2);
    to = put_big_endian(to, n, 2);
    for (size_t i = 0; i < n; i++) to = put_cell(to, &cells[i], p->boxes.axes);
    sqlite3_bind_int64(p->put_node, 1, number);
    sqlite3_bind_blob64(p->put_node, 2, p->node, p->node_bytes, SQLITE_STATIC);
    return ct_store__run(p->conn, p->put_node);
}

static ct_err write_parent(packing *p, int64_t node, int64_t parent) {
    sqlite3_bind_int64(p->put_parent, 1, node);
    sqlite3_bind_int64(p->put_parent, 2, parent);
    return ct_store__run(p->conn, p->put_parent);
}

// Cuts the level into nodes of about the same size; they, as boxes, take its place in the list.
// Above leaves, each node that is in a cell is told its parent.
static ct_err pack_level(packing *p, size_t nodes, bool leaves) {
    const size_t n = p->boxes.n;
    for (size_t k = 0; k < nodes; k++) {
        const size_t from = k * n / nodes, to = (k + 1) * n / nodes;
        const int64_t number = p->next++;
        ct_store__box around = p->boxes.at[from];
        CT_TRY(write_node(p, number, 0, &p->boxes.at[from], to - from));
        for (size_t i = from; i < to; i++) {
            extend(&around, &p->boxes.at[i], p->boxes.axes);
            if (!leaves) CT_TRY(write_parent(p, p->boxes.at[i].id, number));
        }
        around.id = number;
        p->boxes.at[k] = around; // k <= from: that cell is written
    }
    p->boxes.n = nodes;
    return CT_OK;
}

static ct_err pack_root(packing *p, size_t height) {
    CT_TRY(write_node(p, ROOT, height, p->boxes.at, p->boxes.n));
    for (size_t i = 0; height && i < p->boxes.n; i++)
        CT_TRY(write_parent(p, p->boxes.at[i].id, ROOT));
    return CT_OK;
}

static ct_err pack_levels(packing *p) {
    size_t height = 0;
    for (; p->boxes.n > p->cells; height++)
        CT_TRY(pack_level(p, (p->boxes.n + p->cells - 1) / p->cells, height == 0));
    return pack_root(p, height);
}

// ---- the tables ---------------------------------------------------------------------------------
static ct_err prepare(sqlite3_stmt **out, const packing *p, const char *format) {
    char sql[SQL_BYTES];
    (void)sqlite3_snprintf(sizeof sql, sql, format, p->table);
    return ct_store__prepare(out, p->conn, sql);
}

static ct_err run(const packing *p, const char *format) {
    char sql[SQL_BYTES];
    (void)sqlite3_snprintf(sizeof sql, sql, format, p->table);
    return ct_store__exec(p->conn, sql);
}

static ct_err count(int64_t *out, const packing *p, const char *format) {
    char sql[SQL_BYTES];
    (void)sqlite3_snprintf(sizeof sql, sql, format, p->table);
    return ct_store__get_int(out, p->conn, sql, NULL);
}

static ct_err look_at_tree(packing *p) {
    int64_t bytes = 0;
    const size_t cell = 8 + 8 * (size_t)p->boxes.axes;
    CT_TRY(count(&bytes, p, "SELECT length(data) FROM \"%w_node\" WHERE nodeno=1"));
    if (bytes < (int64_t)(NODE_HEAD + 4 * cell) || bytes > NODE_MAX_BYTES)
        return ct_fail(CT_CORRUPT, "%s: nodes of %lld bytes", p->table, (long long)bytes);
    p->node_bytes = (size_t)bytes;
    p->cells = (p->node_bytes - NODE_HEAD) / cell * FILL_OF_TEN / 10;
    p->next = ROOT + 1;
    return CT_OK;
}

static ct_err read_all(ct_store__boxes *boxes, const packing *p) {
    sqlite3_stmt *stmt = NULL;
    bool row = true;
    CT_TRY(prepare(&stmt, p, "SELECT * FROM \"%w\""));
    ct_err err = CT_OK;
    while (err == CT_OK) {
        err = ct_store__step(p->conn, stmt, &row);
        if (err != CT_OK || !row) break;
        err = reserve(boxes, boxes->n + 1);
        if (err != CT_OK) break;
        ct_store__box *box = &boxes->at[boxes->n++];
        *box = (ct_store__box){.id = sqlite3_column_int64(stmt, 0)};
        for (int k = 0; k < 2 * boxes->axes; k++)
            box->sides[k] = (float)sqlite3_column_double(stmt, 1 + k);
    }
    ct_store__done(p->conn, stmt);
    return err;
}

// The leaf of each box, in the order in which the boxes came: their table grows at its end.
static ct_err write_leaves(const packing *p, const ct_store__boxes *boxes, const place *places) {
    const size_t n = boxes->n, leaves = (n + p->cells - 1) / p->cells;
    const bool only_root = n <= p->cells;
    size_t bytes = 0;
    sqlite3_stmt *stmt = NULL;
    int64_t *leaf = ct_mul_ok(n, sizeof *leaf, &bytes) ? ct_alloc(bytes) : NULL;
    if (!leaf) return CT_NOMEM;
    for (size_t k = 0; k < leaves; k++)
        for (size_t i = k * n / leaves; i < (k + 1) * n / leaves; i++)
            leaf[places[i].box] = only_root ? ROOT : ROOT + 1 + (int64_t)k;
    ct_err err = prepare(&stmt, p, "INSERT INTO \"%w_rowid\"(rowid,nodeno) VALUES(?1,?2)");
    for (size_t i = 0; err == CT_OK && i < n; i++) {
        sqlite3_bind_int64(stmt, 1, boxes->at[i].id);
        sqlite3_bind_int64(stmt, 2, leaf[i]);
        err = ct_store__run(p->conn, stmt);
    }
    ct_store__done(p->conn, stmt);
    ct_free(leaf);
    return err;
}

static ct_err write_nodes(packing *p) {
    CT_TRY(prepare(&p->put_node, p, "INSERT INTO \"%w_node\"(nodeno,data) VALUES(?1,?2)"));
    CT_TRY(
        prepare(&p->put_parent, p, "INSERT INTO \"%w_parent\"(nodeno,parentnode) VALUES(?1,?2)"));
    return pack_levels(p);
}

static ct_err write_tree(packing *p, const ct_store__boxes *boxes) {
    place *places = NULL;
    CT_TRY(run(p, "DELETE FROM \"%w_node\""));
    CT_TRY(run(p, "DELETE FROM \"%w_rowid\""));
    CT_TRY(run(p, "DELETE FROM \"%w_parent\""));
    CT_TRY(lay_out(&places, boxes));
    ct_err err = write_leaves(p, boxes, places);
    if (err == CT_OK) err = reserve(&p->boxes, boxes->n);
    if (err == CT_OK) {
        for (size_t i = 0; i < boxes->n; i++) p->boxes.at[i] = boxes->at[places[i].box];
        p->boxes.n = boxes->n;
        err = write_nodes(p);
    }
    ct_free(places);
    ct_store__done(p->conn, p->put_node);
    ct_store__done(p->conn, p->put_parent);
    ct_store__boxes_fini(&p->boxes);
    return err;
}

// ---- one by one ---------------------------------------------------------------------------------
static ct_err insert_all(const packing *p, const ct_store__boxes *boxes) {
    sqlite3_stmt *stmt = NULL;
    place *places = NULL;
    CT_TRY(lay_out(&places, boxes));
    ct_err err = prepare(&stmt, p,
                         boxes->axes == 3 ? "INSERT INTO \"%w\" VALUES(?1,?2,?3,?4,?5,?6,?7)"
                                          : "INSERT INTO \"%w\" VALUES(?1,?2,?3,?4,?5)");
    for (size_t i = 0; err == CT_OK && i < boxes->n; i++) {
        const ct_store__box *box = &boxes->at[places[i].box];
        sqlite3_bind_int64(stmt, 1, box->id);
        for (int k = 0; k < 2 * boxes->axes; k++)
            sqlite3_bind_double(stmt, 2 + k, (double)box->sides[k]);
        err = ct_store__run(p->conn, stmt);
    }
    ct_store__done(p->conn, stmt);
    ct_free(places);
    return err;
}

static ct_err load(packing *p, ct_store__boxes *boxes) {
    int64_t there = 0;
    CT_TRY(look_at_tree(p));
    CT_TRY(count(&there, p, "SELECT count(*) FROM \"%w_rowid\""));
    if (there > (int64_t)boxes->n * REPACK_TIMES || there + (int64_t)boxes->n > REPACK_MAX)
        return insert_all(p, boxes);
    if (there) CT_TRY(read_all(boxes, p));
    return write_tree(p, boxes);
}

ct_err ct_store__boxes_load(ct_store__boxes *boxes, ct_store__conn *conn, const char *table) {
    if (!boxes->n) return CT_OK;
    packing *p = ct_calloc(1, sizeof *p);
    if (!p) return CT_NOMEM;
    p->conn = conn;
    p->table = table;
    p->boxes.axes = boxes->axes;
    const ct_err err = load(p, boxes);
    ct_free(p);
    if (err == CT_OK) boxes->n = 0;
    return ct_context(err, "%s", table);
}
