// The stream of a city model's members, and what of the document itself counts: its version and its
// reference system.
#include <errno.h>
#include <libxml/xmlreader.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "ingest/citygml/survey.h"

bool ct_citygml__is(const char *path) {
    enum { BEGINNING = 64 << 10 };
    if (ct_path_has_ending(path, ".citygml")) return true;
    if (!ct_path_has_ending(path, ".gml") && !ct_path_has_ending(path, ".xml")) return false;
    char text[BEGINNING];
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    const size_t n = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    return memmem(text, n, "opengis.net/citygml/", 20) && memmem(text, n, "CityModel", 9);
}

// ---- errors of the parser -----------------------------------------------------------------------

typedef struct failure {
    int line;
    bool early; // the file may have ended too early
    char text[256];
} failure;

static void on_error(void *context, xmlError *error) {
    failure *f = context;
    if (error->level < XML_ERR_ERROR || f->text[0]) return;
    f->line = error->line;
    f->early = error->code == XML_ERR_DOCUMENT_END;
    snprintf(f->text, sizeof f->text, "%s", error->message ? error->message : "cannot be parsed");
    f->text[strcspn(f->text, "\n")] = '\0';
}

// Whether the file's last bytes are the end of a model.
static bool is_whole(const char *path) {
    enum { END = 512 };
    char text[END];
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    size_t n = 0;
    if (fseek(file, -END, SEEK_END) == 0 || fseek(file, 0, SEEK_SET) == 0)
        n = fread(text, 1, END, file);
    (void)fclose(file);
    return memmem(text, n, "CityModel>", 10) != NULL;
}

static ct_err parse_failed(const failure *f, const char *path) {
    if (f->early && !is_whole(path))
        return ct_fail(CT_PARSE,
                       "line %d: the file ends before its elements do: is all of it there?",
                       f->line);
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
    char format[32];
    snprintf(format, sizeof format, "CityGML %.16s", version);
    return ct_source_set(&c->r.job->source->format, format);
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

// Objects that stand in a version, instead of being named by it.
static ct_err read_versions(ct_citygml__reader *c, const xmlNode *property) {
    for (const xmlNode *v = ct_citygml__first(property); v; v = ct_citygml__next(v))
        for (xmlNode *p = ct_citygml__first(v); p; p = ct_citygml__next(p))
            if (ct_citygml__named(p, "versionMember") && ct_citygml__first(p))
                CT_TRY(ct_citygml__member(c, p));
    return CT_OK;
}

// Property of the model: a member, or what stands about it.
static ct_err read_property(ct_citygml__reader *c, xmlNode *node) {
    static const char *const others[] = {"boundedBy", "appearanceMember",
                                         "versionTransitionMember"};
    bool told;
    const char *name = ct_citygml__name(node);
    if (ct_citygml__is_member(node)) return ct_citygml__member(c, node);
    if (strcmp(name, "versionMember") == 0) return read_versions(c, node);
    CT_TRY(ct_citygml__tell_source(&told, c->r.job, c->r.family, node));
    if (told) return CT_OK;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(name, others[i]) == 0) return CT_OK;
    const xmlNode *of = ct_citygml__first(node);
    return ct_city__count(&c->r, "no-class",
                          "%zu parts of the model are of no class, as %s, and were left out",
                          of ? ct_citygml__name(of) : name);
}

// An error about the property alone is told, and the survey goes on.
static ct_err survey_property(ct_citygml__reader *c, xmlNode *node) {
    char where[CT_INGEST__WHERE_BYTES];
    snprintf(where, sizeof where, "%s:%ld", c->r.job->file, xmlGetLineNo(node));
    const ct_err err = ct_citygml__survey_property(c, node);
    return err == CT_LIMIT ? err : ct_city__note(&c->r, err, where);
}

typedef ct_err step(ct_citygml__reader *c, xmlNode *property);

static ct_err read_stream(xmlTextReader *x, ct_citygml__reader *c, const failure *f, double size,
                          step *each) {
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
        if (!node) return parse_failed(f, c->r.job->path);
        c->r.part = (double)xmlTextReaderByteConsumed(x) / size;
        ct_arena_reset(c->r.family);
        ct_arena_reset(c->r.job->arena);
        CT_TRY(each(c, node));
        more = xmlTextReaderNext(x);
    }
    if (more < 0) return parse_failed(f, c->r.job->path);
    return root ? CT_OK : ct_fail(CT_PARSE, "there is no CityModel in it");
}

// One pass through the file.
static ct_err pass(ct_citygml__reader *c, step *each) {
    const char *path = c->r.job->path;
    failure f = {0};
    xmlTextReader *x = xmlReaderForFile(path, NULL,
                                        XML_PARSE_NONET | XML_PARSE_NOBLANKS | XML_PARSE_COMPACT |
                                            XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (!x) return ct_fail(CT_IO, "cannot be opened");
    xmlTextReaderSetStructuredErrorHandler(x, on_error, &f);
    const ct_err err = read_stream(x, c, &f, (double)ct_file_size(path), each);
    xmlFreeTextReader(x);
    return err;
}

static ct_err read_file(ct_citygml__reader *c) {
    CT_TRY(look_for_crs(c));
    CT_TRY(ct_citygml__scan(c->survey, c->r.job->path));
    if (c->survey->needed) CT_TRY(pass(c, survey_property));
    c->r.part = 0;
    CT_TRY(ct_citygml__choose_version(c));
    CT_TRY(pass(c, read_property));
    CT_TRY(ct_citygml__read_parts_left(c));
    return ct_citygml__read_groups_left(c);
}

ct_err ct_citygml__import(ct_ingest__job *job) {
    enum { BLOCK = 64 << 10, MOST = 1 << 30 };
    ct_citygml__reader c = {0};
    ct_err err = ct_city__init(&c.r, job);
    if (err != CT_OK) return err;
    c.patterns = ct_strmap_new(16);
    c.texture_at = ct_strmap_new(16);
    c.pixels_left = CT_CITYGML__MOST_PIXELS;
    c.member = ct_arena_new(BLOCK, MOST);
    c.survey = ct_citygml__survey_new();
    err = c.patterns && c.texture_at && c.member && c.survey ? read_file(&c) : CT_NOMEM;
    ct_strmap_free(c.patterns);
    ct_strmap_free(c.texture_at);
    ct_citygml__survey_free(c.survey);
    ct_arena_free(c.member);
    ct_city__finish(&c.r);
    ct_city__fini(&c.r);
    return err == CT_OK ? CT_OK : ct_context(err, "%s", job->file);
}
