// Points, lines, surfaces and solids of GML 3.2.
#include "export/city/gml.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void ct_cityout__gml_text(ct_buf *out, const char *text) {
    for (; *text; text++) {
        switch (*text) {
        case '&': ct_buf_puts(out, "&amp;"); break;
        case '<': ct_buf_puts(out, "&lt;"); break;
        case '>': ct_buf_puts(out, "&gt;"); break;
        case '"': ct_buf_puts(out, "&quot;"); break;
        default:
            if ((unsigned char)*text >= ' ' || *text == '\n' || *text == '\t')
                ct_buf_putc(out, *text);
        }
    }
}

// Whole metres and their parts, trailing zeros dropped.
static void put_number(ct_buf *out, int64_t steps) {
    enum { DIGITS = 5 };
    const uint64_t size = (uint64_t)llabs(steps);
    char parts[DIGITS + 1];
    (void)snprintf(parts, sizeof parts, "%0*" PRIu64, DIGITS,
                   size % (uint64_t)CT_CITYOUT__STEPS_A_METRE);
    size_t n = DIGITS;
    while (n && parts[n - 1] == '0') parts[--n] = '\0';
    ct_buf_printf(out, "%s%" PRIu64 "%s%s", steps < 0 ? "-" : "",
                  size / (uint64_t)CT_CITYOUT__STEPS_A_METRE, n ? "." : "", parts);
}

void ct_cityout__gml_pos(ct_cityout__gml *g, const ct_cityout__point *p) {
    put_number(g->out, p->at[g->swapped ? 1 : 0]);
    ct_buf_putc(g->out, ' ');
    put_number(g->out, p->at[g->swapped ? 0 : 1]);
    ct_buf_putc(g->out, ' ');
    put_number(g->out, p->at[2]);
}

static void begin(ct_cityout__gml *g, const char *element) {
    ct_buf_printf(g->out, "<gml:%s gml:id=\"g%" PRIu64 "\">", element, ++g->n_geometries);
}

static void put_ring(ct_cityout__gml *g, const ct_cityout__shapes *s, uint32_t ring,
                     const char *side) {
    const uint32_t from = ring ? s->ring_end[ring - 1] : 0, n = s->ring_end[ring] - from;
    ct_buf_printf(g->out, "<gml:%s><gml:LinearRing><gml:posList>", side);
    for (uint32_t i = 0; i <= n; i++) {
        if (i) ct_buf_putc(g->out, ' ');
        ct_cityout__gml_pos(g, &s->points.all[s->corners[from + i % n]]);
    }
    ct_buf_printf(g->out, "</gml:posList></gml:LinearRing></gml:%s>", side);
}

static void put_polygon(ct_cityout__gml *g, const ct_cityout__shapes *s,
                        const ct_cityout__face *f) {
    begin(g, "Polygon");
    for (uint32_t r = 0; r < f->n_rings; r++)
        put_ring(g, s, f->ring + r, r ? "interior" : "exterior");
    ct_buf_puts(g->out, "</gml:Polygon>");
}

static void put_members(ct_cityout__gml *g, const ct_cityout__shapes *s,
                        const ct_cityout__shell *shell) {
    for (uint32_t i = 0; i < shell->n_faces; i++) {
        ct_buf_puts(g->out, "<gml:surfaceMember>");
        put_polygon(g, s, &s->faces[s->order[shell->face + i]]);
        ct_buf_puts(g->out, "</gml:surfaceMember>\n");
    }
}

static void put_solid(ct_cityout__gml *g, const ct_cityout__shapes *s,
                      const ct_cityout__geometry *of) {
    begin(g, "Solid");
    for (uint32_t k = 0; k < of->n_shells; k++) {
        const char *side = k ? "interior" : "exterior";
        ct_buf_printf(g->out, "<gml:%s><gml:Shell>\n", side);
        put_members(g, s, &s->shells[of->shell + k]);
        ct_buf_printf(g->out, "</gml:Shell></gml:%s>", side);
    }
    ct_buf_puts(g->out, "</gml:Solid>");
}

void ct_cityout__gml_solids(ct_cityout__gml *g, const ct_cityout__shapes *s, uint8_t lod) {
    size_t n = 0;
    for (size_t i = 0; i < s->n_geometries; i++)
        n += s->geometries[i].kind == CT_CITYOUT__SOLID && s->geometries[i].lod == lod;
    if (n > 1) begin(g, "CompositeSolid");
    for (size_t i = 0; i < s->n_geometries; i++) {
        if (s->geometries[i].kind != CT_CITYOUT__SOLID || s->geometries[i].lod != lod) continue;
        if (n > 1) ct_buf_puts(g->out, "<gml:solidMember>");
        put_solid(g, s, &s->geometries[i]);
        if (n > 1) ct_buf_puts(g->out, "</gml:solidMember>");
    }
    if (n > 1) ct_buf_puts(g->out, "</gml:CompositeSolid>");
}

void ct_cityout__gml_surface(ct_cityout__gml *g, const ct_cityout__shapes *s, size_t first,
                             size_t end) {
    size_t n = 0;
    for (size_t i = first; i < end; i++)
        for (uint32_t k = 0; k < s->geometries[i].n_shells; k++)
            n += s->shells[s->geometries[i].shell + k].n_faces;
    if (n == 1) {
        put_polygon(g, s, &s->faces[s->order[s->shells[s->geometries[first].shell].face]]);
        return;
    }
    begin(g, "CompositeSurface");
    for (size_t i = first; i < end; i++)
        for (uint32_t k = 0; k < s->geometries[i].n_shells; k++)
            put_members(g, s, &s->shells[s->geometries[i].shell + k]);
    ct_buf_puts(g->out, "</gml:CompositeSurface>");
}

void ct_cityout__gml_line(ct_cityout__gml *g, const ct_cityout__point *points, size_t n) {
    begin(g, "LineString");
    ct_buf_puts(g->out, "<gml:posList>");
    for (size_t i = 0; i < n; i++) {
        if (i) ct_buf_putc(g->out, ' ');
        ct_cityout__gml_pos(g, &points[i]);
    }
    ct_buf_puts(g->out, "</gml:posList></gml:LineString>");
}
