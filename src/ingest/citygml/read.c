// The stream of a city model's members, and what of the document itself counts: its version and its
// reference system.
#include <errno.h>
#include <libxml/xmlreader.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "ingest/citygml/citygml.h"

bool ct_citygml__is(const char *path) {
    enum { BEGINNING = 64 << 10 };
    bool found = false;
    if (ct_path_has_ending(path, ".citygml")) return true;
    if (!ct_path_has_ending(path, ".gml") && !ct_path_has_ending(path, ".xml")) return false;
    FILE *file = fopen(path, "rb");
    char *text = ct_alloc(BEGINNING);
    if (file && text) {
        const size_t n = fread(text, 1, BEGINNING, file);
        found = memmem(text, n, "opengis.net/citygml/", 20) != NULL &&
                memmem(text, n, "CityModel", 9) != NULL;
    }
    ct_free(text);
    if (file) (void)fclose(file);
    return found;
}

// ---- errors of the parser -----------------------------------------------------------------------

typedef struct failure {
    int line;
    char text[256];
} failure;

static void on_error(void *context, xmlError *error) {
    failure *f = context;
    if (error->level < XML_ERR_ERROR || f->text[0]) return;
    f->line = error->line;
    snprintf(f->text, sizeof f->text, "%s", error->message ? error->message : "cannot be parsed");
    f->text[strcspn(f->text, "\n")] = '\0';
}

static ct_err parse_failed(const failure *f) {
    return ct_fail(CT_PARSE, "line %d: %s", f->line, f->text[0] ? f->text : "cannot be parsed");
}

// ---- the document -------------------------------------------------------------------------------

static ct_err check_root(xmlTextReader *x, ct_citygml__reader *c) {
    static const char base[] = "http://www.opengis.net/citygml/";
    const char *name = (const char *)xmlTextReaderConstLocalName(x);
    const char *space = (const char *)xmlTextReaderConstNamespaceUri(x);
    if (!name || strcmp(name, "CityModel") != 0 || !space ||
        strncmp(space, base, sizeof base - 1) != 0)
        return ct_fail(CT_UNSUPPORTED, "line %d: <%s> where a CityModel of CityGML is due",
                       xmlTextReaderGetParserLineNumber(x), name ? name : "");
    const char *version = space + sizeof base - 1;
    if (version[0] != '1' && version[0] != '2' && version[0] != '3')
        return ct_fail(CT_UNSUPPORTED, "CityGML %s; 2.0 and 3.0 are read", version);
    if (version[0] == '1')
        ct_diagnostics_add(c->r.job->diagnostics, CT_SEVERITY_INFO, "version", c->r.job->file,
                           "CityGML %s is read as if it were 2.0", version);
    return CT_OK;
}

// The first srsName in the file is the model's: it may stand on any of its geometries.
static ct_err look_for_crs(ct_citygml__reader *c) {
    enum { PIECE = 1 << 20, LONGEST = 256 };
    static const char word[] = "srsName=";
    FILE *file = fopen(c->r.job->path, "rb");
    char *text = ct_calloc(PIECE + 1, 1), *found = NULL;
    size_t held = 0, n;
    bool kept = text != NULL;
    while (file && text && !found && (n = fread(text + held, 1, PIECE - held, file)) > 0) {
        held += n;
        found = memmem(text, held, word, sizeof word - 1);
        // Near the piece's end it is looked at again, with what follows.
        if (found && held == PIECE && found > text + held - LONGEST) found = NULL;
        if (found) break;
        const size_t rest = held < LONGEST ? held : LONGEST;
        memmove(text, text + held - rest, rest);
        held = rest;
    }
    if (found) {
        text[held] = '\0';
        const char quote = found[sizeof word - 1];
        const char *from = found + sizeof word, *end = strchr(from, quote);
        if (end && end - from < LONGEST) {
            c->r.crs_name = ct_arena_strndup(c->r.arena, from, (size_t)(end - from));
            kept = c->r.crs_name != NULL;
        }
    }
    ct_free(text);
    if (file) (void)fclose(file);
    return kept ? CT_OK : CT_NOMEM;
}

static bool is_member(const char *name) {
    return strcmp(name, "cityObjectMember") == 0 || strcmp(name, "featureMember") == 0 ||
           strcmp(name, "featureMembers") == 0;
}

// Property of the model: a member, or what stands about it.
static ct_err read_property(ct_citygml__reader *c, xmlNode *node) {
    const char *name = ct_citygml__name(node);
    if (is_member(name)) return ct_citygml__member(c, node);
    if (strcmp(name, "boundedBy") == 0 || strcmp(name, "name") == 0 ||
        strcmp(name, "description") == 0)
        return CT_OK;
    const xmlNode *of = ct_citygml__first(node);
    return ct_city__count(&c->r, "no-class",
                          "%zu parts of the model are of no class, as %s, and were left out",
                          of ? ct_citygml__name(of) : name);
}

static ct_err read_stream(xmlTextReader *x, ct_citygml__reader *c, const failure *f, double size) {
    int more = xmlTextReaderRead(x);
    bool root = false;
    while (more == 1) {
        const int type = xmlTextReaderNodeType(x), depth = xmlTextReaderDepth(x);
        if (type == XML_READER_TYPE_DOCUMENT_TYPE)
            return ct_fail(CT_UNSUPPORTED, "line %d: a document type (DTD) is refused",
                           xmlTextReaderGetParserLineNumber(x));
        if (type == XML_READER_TYPE_ELEMENT && depth == 0) {
            CT_TRY(check_root(x, c));
            root = true;
        }
        if (type != XML_READER_TYPE_ELEMENT || depth != 1) {
            more = xmlTextReaderRead(x);
            continue;
        }
        xmlNode *node = xmlTextReaderExpand(x);
        if (!node) return parse_failed(f);
        c->r.part = (double)xmlTextReaderByteConsumed(x) / size;
        ct_arena_reset(c->r.family);
        ct_arena_reset(c->r.job->arena);
        CT_TRY(read_property(c, node));
        more = xmlTextReaderNext(x);
    }
    if (more < 0) return parse_failed(f);
    return root ? CT_OK : ct_fail(CT_PARSE, "there is no CityModel in it");
}

static void fini(ct_citygml__reader *c) {
    ct_strmap_free(c->patterns);
    ct_arena_free(c->member);
    ct_city__finish(&c->r);
    ct_city__fini(&c->r);
}

ct_err ct_citygml__import(ct_ingest__job *job) {
    enum { BLOCK = 64 << 10, MOST = 1 << 30 };
    ct_citygml__reader c = {0};
    failure f = {0};
    ct_err err = ct_city__init(&c.r, job);
    if (err != CT_OK) return err;
    xmlTextReader *x =
        xmlReaderForFile(job->path, NULL, XML_PARSE_NONET | XML_PARSE_NOBLANKS | XML_PARSE_COMPACT);
    c.patterns = ct_strmap_new(16);
    c.member = ct_arena_new(BLOCK, MOST);
    if (x && c.patterns && c.member) {
        xmlTextReaderSetStructuredErrorHandler(x, on_error, &f);
        err = look_for_crs(&c);
        if (err == CT_OK) err = read_stream(x, &c, &f, (double)ct_file_size(job->path));
    } else {
        err = c.patterns && c.member ? ct_fail(CT_IO, "cannot be opened") : CT_NOMEM;
    }
    if (x) xmlFreeTextReader(x);
    fini(&c);
    return err == CT_OK ? CT_OK : ct_context(err, "%s", job->file);
}
