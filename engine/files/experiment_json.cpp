// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/experiment_json.h"

#include "engine/data/readers/file_bytes.h"
#include "engine/files/experiment_document.h"
#include "engine/files/experiment_fields.h"
#include "engine/files/whole_file.h"

namespace kappascope {

namespace fs = std::filesystem;

Experiment readDocument(const Json& document) {
    if (!document.is_object())
        throw InputError({}, "found " + describe(document) + ", expected an object { ... }");
    const auto version = document.find("kappascope");
    if (version == document.end())
        throw InputError("kappascope", "missing", "An experiment starts with \"kappascope\": 1.");
    // A newer version may have keys that are unknown here: say that first.
    const auto& fields = experimentFields();
    Experiment experiment = blankExperiment();
    fields.front().read(experiment, *version, "kappascope");
    checkKeys(document, keysOf(fields), {});
    readFields(fields, experiment, document, {});
    completeExperiment(experiment);
    return experiment;
}

Json writeDocument(const Experiment& experiment) {
    return writeFields(experimentFields(), experiment);
}

std::string resolvedFrom(const fs::path& file, const std::string& path) {
    if (path.empty() || fs::path(path).is_absolute()) return path;
    return (fs::absolute(file).parent_path() / path).lexically_normal().string();
}

std::string relativeTo(const fs::path& file, const std::string& path) {
    if (path.empty()) return path;
    const fs::path relative = fs::absolute(path).lexically_normal().lexically_relative(
        fs::absolute(file).lexically_normal().parent_path());
    const bool below = !relative.empty() && *relative.begin() != "..";
    return below ? relative.string() : fs::absolute(path).lexically_normal().string();
}

Experiment parseExperiment(std::string_view text, const std::string& file) {
    const Json document = parseJson(text, file);
    return inFile(file, [&] {
        Experiment experiment = readDocument(document);
        validate(experiment);
        return experiment;
    });
}

std::string formatExperiment(const Experiment& experiment) {
    return formatJson(writeDocument(experiment));
}

Experiment loadExperiment(const fs::path& file) {
    Experiment experiment = parseExperiment(readFileBytes(file), file.string());
    experiment.data.path = resolvedFrom(file, experiment.data.path);
    return experiment;
}

void saveExperiment(const Experiment& experiment, const fs::path& file) {
    Experiment written = experiment;
    written.data.path = relativeTo(file, experiment.data.path);
    writeWholeFile(file, formatExperiment(written));
}

std::vector<KeyInfo> experimentKeys() {
    return fieldsInfo(experimentFields(), {});
}

} // namespace kappascope
