// What an OpenStreetMap file tells of itself: the attributes of its root, and what the services
// that write such files put before the elements.
#include <libxml/xmlreader.h>
#include <string.h>

#include "base/file.h"
#include "ingest/osm_indoor/data.h"
#include "ingest/osm_indoor/inside.h"

static ct_err tell_attribute(ct_source *source, ct_source_term term, xmlTextReader *x,
                             const char *name) {
    xmlChar *text = xmlTextReaderGetAttribute(x, (const xmlChar *)name);
    const ct_err err = ct_source_tell(source, term, (const char *)text);
    xmlFree(text);
    return err;
}

// "OpenStreetMap and contributors, http://opendatacommons.org/licenses/odbl/1-0/"
static ct_err tell_rights(ct_ingest__job *job, xmlTextReader *x) {
    xmlChar *owner = xmlTextReaderGetAttribute(x, (const xmlChar *)"copyright"),
            *licence = xmlTextReaderGetAttribute(x, (const xmlChar *)"license");
    const char *text = (const char *)(owner ? owner : licence);
    ct_err err = CT_OK;
    if (owner && licence) {
        text = ct_arena_printf(job->arena, "%s, %s", (const char *)owner, (const char *)licence);
        if (!text) err = CT_NOMEM;
    }
    if (err == CT_OK) err = ct_source_tell(job->source, CT_SOURCE_RIGHTS, text);
    xmlFree(owner);
    xmlFree(licence);
    return err;
}

static ct_err tell_element(ct_ingest__job *job, xmlTextReader *x, const char *name) {
    if (strcmp(name, "osm") == 0) {
        CT_TRY(tell_attribute(job->source, CT_SOURCE_SOFTWARE, x, "generator"));
        CT_TRY(tell_attribute(job->source, CT_SOURCE_DATE, x, "timestamp"));
        return tell_rights(job, x);
    }
    if (strcmp(name, "meta") == 0)
        return tell_attribute(job->source, CT_SOURCE_DATE, x, "osm_base");
    if (strcmp(name, "note") != 0) return CT_OK;
    xmlChar *text = xmlTextReaderReadString(x);
    const ct_err err = ct_source_tell(job->source, CT_SOURCE_RIGHTS, (const char *)text);
    xmlFree(text);
    return err;
}

static void no_word(void *context, xmlError *error) {
    (void)context;
    (void)error;
}

// Up to the first element of the map. What is wrong with the file says its reader.
static ct_err read_xml(ct_ingest__job *job) {
    enum { MOST_NODES = 64 };
    xmlTextReader *x = xmlReaderForFile(job->path, NULL,
                                        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    ct_err err = CT_OK;
    if (!x) return CT_OK;
    xmlTextReaderSetStructuredErrorHandler(x, no_word, NULL);
    for (int n = 0; err == CT_OK && n < MOST_NODES && xmlTextReaderRead(x) == 1; n++) {
        const char *name = (const char *)xmlTextReaderConstLocalName(x);
        if (xmlTextReaderNodeType(x) == XML_READER_TYPE_DOCUMENT_TYPE) break;
        if (xmlTextReaderNodeType(x) != XML_READER_TYPE_ELEMENT || !name) continue;
        if (strcmp(name, "node") == 0 || strcmp(name, "way") == 0) break;
        err = tell_element(job, x, name);
    }
    xmlFreeTextReader(x);
    return err;
}

ct_err ct_osm__tell_source(ct_ingest__job *job) {
    const bool packed = ct_path_has_ending(job->path, ".pbf");
    if (!packed && !ct_path_has_ending(job->path, ".osm")) return CT_OK;
    CT_TRY(ct_source_set(&job->source->format, packed ? "OpenStreetMap PBF" : "OpenStreetMap XML"));
    return packed ? ct_osm__pbf_tell_source(job) : read_xml(job);
}
