// The first pass through a file whose members need each other: copies of what is referred to from
// elsewhere, appearances, versions and groups are kept until the end.
#include "ingest/citygml/survey.h"

#include <string.h>

#include "base/mem.h"

ct_citygml__survey *ct_citygml__survey_new(void) {
    enum { BLOCK = 64 << 10, MOST = 1 << 30 };
    ct_citygml__survey *s = ct_calloc(1, sizeof *s);
    if (!s) return NULL;
    s->arena = ct_arena_new(BLOCK, MOST);
    s->wanted = ct_strmap_new(16);
    s->claimed = ct_strmap_new(16);
    s->kept = ct_strmap_new(16);
    s->colours = ct_strmap_new(16);
    s->listed = ct_strmap_new(16);
    s->left = ct_strmap_new(16);
    s->in_group = ct_strmap_new(16);
    s->group_at = ct_strmap_new(16);
    s->copies = xmlNewDoc((const xmlChar *)"1.0");
    xmlNode *root =
        s->copies ? xmlNewDocNode(s->copies, NULL, (const xmlChar *)"copies", NULL) : NULL;
    if (root) xmlDocSetRootElement(s->copies, root);
    if (s->arena && s->wanted && s->claimed && s->kept && s->colours && s->listed && s->left &&
        s->in_group && s->group_at && root)
        return s;
    ct_citygml__survey_free(s);
    return NULL;
}

void ct_citygml__survey_free(ct_citygml__survey *s) {
    if (!s) return;
    ct_strmap_free(s->wanted);
    ct_strmap_free(s->claimed);
    ct_strmap_free(s->kept);
    ct_strmap_free(s->colours);
    ct_strmap_free(s->listed);
    ct_strmap_free(s->left);
    ct_strmap_free(s->in_group);
    ct_strmap_free(s->group_at);
    if (s->copies) xmlFreeDoc(s->copies);
    ct_arena_free(s->arena);
    ct_free(s);
}

bool ct_citygml__is_shape_link(const char *tag, size_t n) {
    static const char *const names[] = {"surfaceMember",
                                        "solidMember",
                                        "geometryMember",
                                        "curveMember",
                                        "pointMember",
                                        "baseSurface",
                                        "baseCurve",
                                        "exterior",
                                        "interior",
                                        "tin",
                                        "geometry",
                                        "boundedBy",
                                        "boundary",
                                        "opening",
                                        "fillingSurface",
                                        "trafficArea",
                                        "Geometry3D",
                                        "Geometry2D",
                                        "relativeGeometry",
                                        "trianglePatches",
                                        "patches",
                                        "address",
                                        "multiSurface",
                                        "multiCurve",
                                        "relativeGMLGeometry",
                                        "auxiliaryTrafficArea"};
    if (n > 4 && memcmp(tag, "lod", 3) == 0) return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == n && memcmp(names[i], tag, n) == 0) return true;
    return false;
}

// ---- copies -------------------------------------------------------------------------------------

static size_t size_of(xmlNode *root) {
    size_t n = 0;
    for (xmlNode *at = root; at; at = ct_citygml__walk(at, root)) {
        n++;
        if (at->type != XML_ELEMENT_NODE) continue;
        for (const xmlAttr *a = at->properties; a; a = a->next) n++;
    }
    return n;
}

enum { MOST_COPIED = 8000000 };

// Objects that are parts may be let go, shapes may not: they have a room of their own, of 4 million
// elements unless told otherwise.
static size_t most_of_parts(const ct_citygml__reader *c) {
    return 4 * c->r.job->options.max_points;
}

static ct_err copy_node(xmlNode **out, const ct_citygml__survey *s, xmlNode *node,
                        const char *without) {
    xmlNode *copy = xmlDocCopyNode(node, s->copies, 1);
    if (!copy) return CT_NOMEM;
    xmlAddChild(xmlDocGetRootElement(s->copies), copy);
    xmlNode *child = ct_citygml__first(copy);
    while (without && child) {
        xmlNode *next = ct_citygml__next(child);
        if (ct_citygml__named(child, without)) {
            xmlUnlinkNode(child);
            xmlFreeNode(child);
        }
        child = next;
    }
    *out = copy;
    return CT_OK;
}

ct_err ct_citygml__copy(xmlNode **out, ct_citygml__survey *s, xmlNode *node, const char *without) {
    s->n_copied += size_of(node);
    if (s->n_copied > MOST_COPIED)
        return ct_fail(CT_LIMIT,
                       "line %ld: what members of the model have of each other is more than %d "
                       "elements",
                       xmlGetLineNo(node), MOST_COPIED);
    return copy_node(out, s, node, without);
}

static ct_err keep_id(ct_citygml__survey *s, xmlNode *node) {
    const char *id;
    CT_TRY(ct_citygml__attr(&id, s->arena, node, "id"));
    if (!id) return CT_OK;
    void *nodes = s->nodes;
    CT_TRY(ct_citygml__room(&nodes, &s->room, s->n_kept, sizeof(xmlNode *), s->arena));
    s->nodes = nodes;
    s->nodes[s->n_kept] = node;
    return ct_strmap_put(s->kept, id, s->n_kept++);
}

typedef struct keeping { // what of a member is still to be copied
    ct_citygml__reader *c;
    bool of_part; // what is copied now, and all that it leads to
    xmlNode **queue;
    size_t n, room;
} keeping;

// What the copy leads to in its own member comes too.
static ct_err follow(keeping *k, const xmlNode *node) {
    const char *href;
    size_t at, kept;
    CT_TRY(ct_citygml__attr(&href, k->c->member, node, "href"));
    if (!href || *href != '#' || !ct_strmap_get(&at, k->c->ids, href + 1)) return CT_OK;
    const char *name = ct_citygml__name(node);
    if (!ct_citygml__is_shape_link(name, strlen(name))) return CT_OK;
    if (ct_strmap_get(&kept, k->c->survey->kept, href + 1)) return CT_OK;
    void *queue = k->queue;
    CT_TRY(ct_citygml__room(&queue, &k->room, k->n, sizeof(xmlNode *), k->c->member));
    k->queue = queue;
    k->queue[k->n++] = k->c->nodes[at];
    return CT_OK;
}

// Elements in an element that was copied before it are found in the later, greater copy, so that
// each is one thing by whatever name it is reached.
static ct_err keep(keeping *k, xmlNode *node) {
    ct_citygml__survey *s = k->c->survey;
    const char *id;
    size_t there;
    xmlNode *copy;
    CT_TRY(ct_citygml__attr(&id, k->c->member, node, "id"));
    if (!id || ct_strmap_get(&there, s->kept, id)) return CT_OK;
    if (k->of_part) {
        s->n_of_parts += size_of(node);
        CT_TRY(copy_node(&copy, s, node, NULL));
    } else {
        CT_TRY(ct_citygml__copy(&copy, s, node, NULL));
    }
    for (xmlNode *at = copy; at; at = ct_citygml__walk(at, copy)) {
        if (at->type != XML_ELEMENT_NODE) continue;
        CT_TRY(keep_id(s, at));
        CT_TRY(follow(k, at));
    }
    return CT_OK;
}

// A part of another object is kept where it is a member itself and there is room: else it stays an
// object of its own.
static ct_err let_go(bool *out, ct_citygml__reader *c, const char *id, xmlNode *node) {
    ct_citygml__survey *s = c->survey;
    const bool member = node->parent && (ct_citygml__is_member(node->parent) ||
                                         ct_citygml__named(node->parent, "versionMember"));
    const bool room = member && s->n_of_parts + size_of(node) <= most_of_parts(c);
    if (member && !room)
        CT_TRY(ct_city__count(&c->r, "part-alone",
                              "%zu parts that others link to stay objects of their own, as a %s: "
                              "together they are too large to be kept",
                              ct_citygml__name(node)));
    *out = !room;
    return *out ? ct_citygml__set_claim(s, id, CT_CITYGML__LET_GO) : CT_OK;
}

static ct_err keep_all_wanted(keeping *k) {
    ct_citygml__reader *c = k->c;
    const ct_citygml__survey *s = c->survey;
    for (size_t i = 0; i < c->n_nodes; i++) {
        const char *id;
        size_t at, state;
        bool gone = false;
        CT_TRY(ct_citygml__attr(&id, c->member, c->nodes[i], "id"));
        if (!ct_strmap_get(&at, s->wanted, id)) continue;
        if (ct_strmap_get(&state, s->claimed, id) != k->of_part) continue;
        if (k->of_part) CT_TRY(let_go(&gone, c, id, c->nodes[i]));
        if (!gone) CT_TRY(keep(k, c->nodes[i]));
    }
    for (size_t i = 0; i < k->n; i++) CT_TRY(keep(k, k->queue[i]));
    return CT_OK;
}

// Parts first: the shapes in them come with them.
static ct_err keep_wanted(ct_citygml__reader *c) {
    keeping parts = {.c = c, .of_part = true}, shapes = {.c = c};
    CT_TRY(keep_all_wanted(&parts));
    return keep_all_wanted(&shapes);
}

// ---- the pass -----------------------------------------------------------------------------------

static ct_err survey_member(ct_citygml__reader *c, xmlNode *member) {
    for (xmlNode *at = ct_citygml__first(member); at; at = ct_citygml__next(at))
        if (ct_citygml__named(at, "CityObjectGroup")) CT_TRY(ct_citygml__survey_group(c, at));
    if (ct_strmap_count(c->survey->wanted) == 0) return CT_OK;
    CT_TRY(ct_citygml__index(c, c->member, member));
    return keep_wanted(c);
}

static ct_err survey_with_ids(ct_citygml__reader *c, xmlNode *member) {
    ct_arena_reset(c->member);
    c->ids = ct_strmap_new(256);
    const ct_err err = c->ids ? survey_member(c, member) : CT_NOMEM;
    ct_strmap_free(c->ids);
    c->ids = NULL;
    return err;
}

// Objects that stand in a version are members too.
static ct_err survey_inline(ct_citygml__reader *c, const xmlNode *property) {
    for (const xmlNode *v = ct_citygml__first(property); v; v = ct_citygml__next(v))
        for (xmlNode *p = ct_citygml__first(v); p; p = ct_citygml__next(p))
            if (ct_citygml__named(p, "versionMember") && ct_citygml__first(p))
                CT_TRY(survey_with_ids(c, p));
    return CT_OK;
}

ct_err ct_citygml__survey_property(ct_citygml__reader *c, xmlNode *property) {
    ct_arena_reset(c->member);
    if (ct_citygml__named(property, "appearanceMember"))
        return ct_citygml__colours(c, property, c->survey->colours, c->survey->arena);
    if (ct_citygml__named(property, "versionMember") ||
        ct_citygml__named(property, "versionTransitionMember")) {
        CT_TRY(ct_citygml__survey_version(c, property));
        return survey_inline(c, property);
    }
    return ct_citygml__is_member(property) ? survey_with_ids(c, property) : CT_OK;
}
