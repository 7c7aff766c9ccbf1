// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/run_fields.h"

#include "engine/files/experiment_fields.h"
#include "engine/laboratory/experiment_parameters.h"
#include "engine/normalization/normalization.h"
#include "engine/optimization/optimizer.h"
#include "engine/optimization/schedule.h"
#include "engine/preconditioning/preconditioner.h"

namespace kappascope {

namespace {

Field<RunSpec> learningRateField() {
    Parameter about = experimentParameter("learning_rate");
    about.help = "Learning rate of this run; left out: the experiment's.";
    Json schema = parameterSchema(about);
    schema.erase("default");
    return {about.key,
            schema,
            {keyInfo(about.key, about.expected(), schema)},
            [about](RunSpec& run, const Json& value, const std::string& place) {
                run.learningRate = std::get<double>(readParameter(about, value, place));
            },
            [](const RunSpec& run) {
                return run.learningRate ? std::optional<Json>(*run.learningRate) : std::nullopt;
            }};
}

Field<RunSpec> optimizerField() {
    const Fields<RunSpec> more{
        learningRateField(), methodField("schedule", "Factor on the learning rate as a function of the step.",
                                         *membersUnder("schedule"), &RunSpec::schedule)};
    MethodObject<RunSpec> object{"method", *membersUnder("optimizer"),
                                 [](const RunSpec& run) { return run.optimizer; },
                                 [](RunSpec& run, MethodSpec read) { run.optimizer = std::move(read); },
                                 [more](const Description&) { return more; }};
    return methodObjectField("optimizer", "What makes a step of the gradient.", object);
}

Field<RunSpec> colorField() {
    Field<RunSpec> field = leftOutByDefault(memberField(
        Parameter::text("color", "Colour", "#rrggbb; left out: by position.", ""), &RunSpec::color));
    field.schema["pattern"] = "^(#[0-9a-fA-F]{6})?$";
    field.read = [read = field.read](RunSpec& run, const Json& value, const std::string& place) {
        read(run, value, place);
        const auto hexDigit = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
        const std::string& color = run.color;
        if (!color.empty() &&
            (color.size() != 7 || color[0] != '#' || !std::all_of(color.begin() + 1, color.end(), hexDigit)))
            throw InputError(place, "found " + describe(value) + ", expected a colour like '#0072b2'");
    };
    return field;
}

Field<RunSpec> nameField() {
    Field<RunSpec> field = memberField(
        Parameter::text("name", "Name", "Names the run; no two are alike. Left out: 'Run 1' and so on.", ""),
        &RunSpec::name);
    field.schema.erase("default");
    field.info.front().standard.clear();
    return field;
}

const Fields<RunSpec>& runFields() {
    static const Fields<RunSpec> fields{
        nameField(),
        methodField("normalization", "Layers that normalize activations.", *membersUnder("normalization"),
                    &RunSpec::normalization),
        methodField("preconditioner", "Transform of the gradient of each dense layer.",
                    *membersUnder("preconditioner"), &RunSpec::preconditioner),
        optimizerField(),
        colorField(),
        leftOutByDefault(memberField(
            Parameter::flag("hidden", "Hidden", "Not drawn; trains all the same.", false), &RunSpec::hidden)),
        leftOutByDefault(memberField(
            Parameter::text("fork_of", "Fork of",
                            "The run whose state it took over when it was added in mid-training.", ""),
            &RunSpec::forkOf))};
    return fields;
}

RunSpec blankRun(std::size_t position) {
    RunSpec run;
    run.id = static_cast<int>(position) + 1;
    run.name = "Run " + std::to_string(run.id);
    run.normalization = membersUnder("normalization")->standardSpec();
    run.preconditioner = membersUnder("preconditioner")->standardSpec();
    run.optimizer = membersUnder("optimizer")->standardSpec();
    run.schedule = membersUnder("schedule")->standardSpec();
    return run;
}

/// runs.NAME as --set takes it, or runs[i] where there is no name yet.
std::string placeOf(const Json& run, const std::string& place, std::size_t i) {
    const bool named =
        run.is_object() && run.contains("name") && run["name"].is_string() && run["name"] != "";
    return named ? joinPath(place, run["name"].get<std::string>()) : joinPath(place, i);
}

void readRuns(Experiment& experiment, const Json& value, const std::string& place) {
    if (!value.is_array()) throw InputError(place, "found " + describe(value) + ", expected a list of runs");
    experiment.runs.clear();
    for (std::size_t i = 0; i < value.size(); ++i) {
        RunSpec run = blankRun(i);
        const std::string runPlace = placeOf(value[i], place, i);
        checkKeys(value[i], keysOf(runFields()), runPlace);
        readFields(runFields(), run, value[i], runPlace);
        experiment.runs.push_back(std::move(run));
    }
}

Json writeRuns(const Experiment& experiment) {
    Json runs = Json::array();
    for (const auto& run : experiment.runs)
        runs.push_back(writeFields(runFields(), run));
    return runs;
}

} // namespace

Field<Experiment> runsField() {
    const Json schema{{"type", "array"},
                      {"items", fieldsSchema(runFields())},
                      {"maxItems", maximumRuns},
                      {"description",
                       "The copies of the network that train side by side; left out: plain, BN "
                       "and BNP."}};
    return {"runs", schema, fieldsInfo(runFields(), "runs.NAME"), readRuns,
            [](const Experiment& experiment) { return std::optional<Json>(writeRuns(experiment)); }};
}

std::map<std::string, Members, std::less<>> runMembers() {
    return {{"normalization", membersOf(normalizationCatalog(), "none")},
            {"preconditioner", membersOf(preconditioningCatalog(), "none")},
            // The learning rate is the run's own or the experiment's, whatever the method.
            {"optimizer", membersOf(optimizerCatalog(), "sgd", {learningRateKey})},
            {"schedule", membersOf(scheduleCatalog(), "constant")}};
}

std::vector<RunSpec> standardRuns() {
    std::vector<RunSpec> runs{blankRun(0), blankRun(1), blankRun(2)};
    runs[0].name = "Plain";
    runs[1].name = "BN";
    const Members& normalizations = *membersUnder("normalization");
    runs[1].normalization = normalizations.spec(normalizations.at("batch_norm", {}));
    runs[2].name = "BNP";
    const Members& preconditioners = *membersUnder("preconditioner");
    runs[2].preconditioner = preconditioners.spec(preconditioners.at("bnp", {}));
    return runs;
}

} // namespace kappascope
