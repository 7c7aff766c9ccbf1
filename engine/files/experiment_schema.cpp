// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/experiment_fields.h"
#include "engine/files/experiment_json.h"
#include "engine/files/session_fields.h"

namespace kappascope {

std::string experimentSchema() {
    Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                {"title", "Kappascope experiment or session"},
                {"description",
                 "Which networks train on which data, and how they differ. What is left out takes "
                 "its default. Generated from the program's own tables."}};
    schema.update(fieldsSchema(experimentFields()));
    schema["properties"]["session"] = sessionSchema();
    schema["required"] = Json::array({"kappascope"});
    return formatJson(schema);
}

} // namespace kappascope
