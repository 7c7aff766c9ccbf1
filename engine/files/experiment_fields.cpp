// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/experiment_fields.h"

#include "engine/data/data_catalog.h"
#include "engine/files/layer_fields.h"
#include "engine/files/run_fields.h"
#include "engine/laboratory/experiment_parameters.h"
#include "engine/network/activation.h"
#include "engine/network/initialization.h"
#include "engine/network/loss.h"
#include "engine/network/network_catalog.h"

#include <map>

namespace kappascope {

namespace {

/// experimentParameter(path), with the last part of its path as key.
Parameter parameterAt(const std::string& path) {
    Parameter parameter = experimentParameter(path);
    parameter.key = path.substr(path.find('.') + 1);
    return parameter;
}

Parameter dial(std::string_view key) {
    return *std::ranges::find(dataDials(), key, &Parameter::key);
}

Field<DataSpec> augmentationField() {
    const auto about = [](std::string_view key) {
        return *std::ranges::find(augmentationDials(), key, &Parameter::key);
    };
    Fields<AugmentationSpec> fields{memberField(about("crop"), &AugmentationSpec::crop),
                                    memberField(about("shift"), &AugmentationSpec::shift),
                                    memberField(about("flip"), &AugmentationSpec::flip)};
    return fieldOf(&DataSpec::augmentation,
                   objectField("augmentation",
                               "Random changes of the images in training batches, the same for all runs; "
                               "never of those that are evaluated.",
                               std::move(fields)));
}

Field<Experiment> versionField() {
    Json schema{{"const", formatVersion}, {"description", "Version of the format; must be there."}};
    return {"kappascope",
            schema,
            {},
            [](Experiment&, const Json& value, const std::string& place) {
                if (!value.is_number_integer() || value < 1)
                    throw InputError(place,
                                     "found " + describe(value) + ", expected the format's version, 1");
                if (value > formatVersion)
                    throw InputError(place,
                                     "this file is of version " + value.dump() +
                                         " of the format, and this program reads version 1",
                                     "Open it with a newer Kappascope.");
            },
            [](const Experiment&) { return std::optional<Json>(formatVersion); }};
}

// --- seed: a number for all purposes, or an object ---

std::uint64_t readSeed(const Json& value, const std::string& place) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    throw InputError(place,
                     "found " + describe(value) + ", expected a whole number in [0, 18446744073709551615]");
}

Field<SeedSpec> seedPart(const std::string& key, const std::string& help, std::uint64_t SeedSpec::*part) {
    Json schema{{"type", "integer"}, {"minimum", 0}, {"default", SeedSpec{}.*part}, {"description", help}};
    return {key,
            schema,
            {keyInfo(key, "a whole number", schema)},
            [part](SeedSpec& seed, const Json& value, const std::string& place) {
                seed.*part = readSeed(value, place);
            },
            [part](const SeedSpec& seed) { return std::optional<Json>(seed.*part); }};
}

Field<Experiment> seedField() {
    const Fields<SeedSpec> parts{
        seedPart("data", "Seed of the generated data and of the split.", &SeedSpec::data),
        seedPart("weights", "Seed of the start weights.", &SeedSpec::weights),
        seedPart("batches", "Seed of the mini-batches.", &SeedSpec::batches),
        seedPart("noise", "Seed of methods that draw noise.", &SeedSpec::noise),
        seedPart("augmentation", "Seed of the random changes of training images.", &SeedSpec::augmentation)};
    const Json number{{"type", "integer"}, {"minimum", 0}};
    const Json schema{{"description", "One number for all, or one for each purpose."},
                      {"default", SeedSpec{}.data},
                      {"oneOf", {number, fieldsSchema(parts)}}};
    std::vector<KeyInfo> info{keyInfo("seed", "a whole number, or an object", schema)};
    for (KeyInfo& part : fieldsInfo(parts, "seed"))
        info.push_back(std::move(part));
    return {"seed", schema, info,
            [parts](Experiment& experiment, const Json& value, const std::string& place) {
                if (value.is_object()) {
                    checkKeys(value, keysOf(parts), place);
                    return readFields(parts, experiment.seed, value, place);
                }
                const std::uint64_t seed = readSeed(value, place);
                experiment.seed = SeedSpec::of(seed);
            },
            [parts](const Experiment& experiment) {
                const SeedSpec& seed = experiment.seed;
                if (seed == SeedSpec::of(seed.data)) return std::optional<Json>(seed.data);
                return std::optional<Json>(writeFields(parts, seed));
            }};
}

// --- data ---

Fields<DataSpec> dataFields(const DataEntry& entry) {
    Fields<DataSpec> fields;
    if (entry.fromFiles || entry.takesPath)
        fields.push_back(leftOutByDefault(memberField(
            Parameter::text("path", "File", "The data file; relative to this document's folder.", ""),
            &DataSpec::path)));
    if (entry.generated) {
        fields.push_back(memberField(dial("samples"), &DataSpec::samples));
        fields.push_back(memberField(dial("noise"), &DataSpec::noise));
    }
    if (entry.images) fields.push_back(enumField(dial("pixels"), &DataSpec::pixels));
    fields.push_back(memberField(dial("scale"), &DataSpec::scale));
    fields.push_back(memberField(dial("rotation"), &DataSpec::rotation));
    fields.push_back(memberField(dial("offset"), &DataSpec::offset));
    fields.push_back(memberField(dial("label_noise"), &DataSpec::labelNoise));
    fields.push_back(memberField(dial("test_fraction"), &DataSpec::testFraction));
    fields.push_back(memberField(dial("standardize"), &DataSpec::standardize));
    if (entry.images) fields.push_back(augmentationField());
    return fields;
}

Field<Experiment> dataField() {
    MethodObject<DataSpec> object{
        "set", *membersUnder("data"),
        [](const DataSpec& data) {
            return MethodSpec{data.set, data.parameters};
        },
        [](DataSpec& data, MethodSpec set) {
            data.set = std::move(set.method);
            data.parameters = std::move(set.parameters);
        },
        [](const Description& set) { return dataFields(dataCatalog().at(set.key)); }};
    return fieldOf(&Experiment::data,
                   methodObjectField("data",
                                     "The data set, with its own parameters, and how badly conditioned "
                                     "it is made.",
                                     object));
}

// --- model ---

/// Widths are whole; Parameter's lists hold numbers.
Field<ModelSpec> hiddenField() {
    const Parameter about = parameterAt("model.hidden");
    Json schema = parameterSchema(about);
    schema["items"]["type"] = "integer";
    return {about.key,
            schema,
            {keyInfo(about.key, "a list of whole numbers in [1, 10000]", schema)},
            [about](ModelSpec& model, const Json& value, const std::string& place) {
                model.hidden.clear();
                const ParameterValue widths = readParameter(about, value, place);
                for (const double width : std::get<std::vector<double>>(widths)) {
                    if (width != std::floor(width))
                        throw InputError(place, "found " + describe(Json(width)) +
                                                    ", expected whole numbers of units");
                    model.hidden.push_back(static_cast<int>(width));
                }
            },
            [](const ModelSpec& model) { return std::optional<Json>(model.hidden); }};
}

/// The same field, left out of the document of a model that is not stacked().
Field<ModelSpec> ofStack(Field<ModelSpec> field) {
    field.write = [write = field.write](const ModelSpec& model) {
        return model.stacked() ? write(model) : std::nullopt;
    };
    return field;
}

Field<ModelSpec> networkField() {
    Json schema{{"description", "A network with a name, instead of a list of layers."},
                {"enum", networkCatalog().keys()}};
    return {"network",
            schema,
            {keyInfo("network", membersOf(networkCatalog(), {}).expected(), schema)},
            [](ModelSpec& model, const Json& value, const std::string& place) {
                if (!value.is_string())
                    throw InputError(place, "found " + describe(value) + ", expected a name");
                model.network = networkCatalog().at(value.get<std::string>(), place).key;
            },
            [](const ModelSpec& model) {
                return model.network.empty() ? std::nullopt : std::optional<Json>(model.network);
            }};
}

Field<ModelSpec> layersField() {
    Json schema = layersSchema();
    schema["description"] =
        "The layers, first to last, instead of 'hidden' and 'activation'; the dense layer that "
        "gives the outputs comes behind them by itself.";
    return {"layers",
            schema,
            {keyInfo("layers", "a list of layers", schema)},
            [](ModelSpec& model, const Json& value, const std::string& place) {
                model.layers = readLayers(value, place);
            },
            [](const ModelSpec& model) {
                return model.layers.empty() ? std::nullopt : std::optional<Json>(writeLayers(model.layers));
            }};
}

/// "hidden" with "activation", or "layers", or "network"; where a list or a name is given, the widths are
/// none.
Field<Experiment> oneFormOnly(Field<Experiment> field) {
    field.read = [read = field.read](Experiment& experiment, const Json& value, const std::string& place) {
        read(experiment, value, place);
        const bool listed = value.contains("layers"), named = value.contains("network");
        for (const char* key : {"hidden", "activation"})
            if ((listed || named) && value.contains(key))
                throw InputError(
                    joinPath(place, key),
                    std::string("there is '") + (listed ? "layers" : "network") + "' too",
                    "Take one of the two: a list of layers has its widths and activations itself.");
        if (listed && named)
            throw InputError(joinPath(place, "network"), "there are 'layers' too", "Take one of the two.");
        if (listed || named) experiment.model.hidden = ModelSpec{}.hidden;
    };
    return field;
}

Field<Experiment> modelField() {
    Fields<ModelSpec> fields{
        ofStack(hiddenField()),
        ofStack(methodField("activation", "Function of the hidden units.", *membersUnder("activation"),
                            &ModelSpec::activation)),
        networkField(),
        layersField(),
        methodField("initialization", "Rule that draws the start weights.", *membersUnder("initialization"),
                    &ModelSpec::initialization),
        enumField(parameterAt("model.fold"), &ModelSpec::fold),
        memberField(parameterAt("model.l2"), &ModelSpec::l2),
        memberField(parameterAt("model.l2_before_preconditioner"), &ModelSpec::l2BeforePreconditioner)};
    return oneFormOnly(fieldOf(&Experiment::model, objectField("model", "The network.", std::move(fields))));
}

// --- the whole ---

/// Left out while only the data can tell which one fits.
Field<Experiment> lossField() {
    Field<Experiment> field = methodField("loss",
                                          "What is minimized; left out: by the data's target, cross_entropy "
                                          "for classes, mean_squared_error for numbers.",
                                          *membersUnder("loss"), &Experiment::loss);
    field.write = [write = field.write](const Experiment& experiment) {
        return experiment.loss.method.empty() ? std::nullopt : write(experiment);
    };
    return field;
}

Fields<StopSpec> stopFields() {
    return {memberField(parameterAt("stop.epochs"), &StopSpec::epochs),
            memberField(parameterAt("stop.target_loss"), &StopSpec::targetLoss),
            memberField(parameterAt("stop.patience"), &StopSpec::patience),
            memberField(parameterAt("stop.divergence_factor"), &StopSpec::divergenceFactor)};
}

Fields<Experiment> makeFields() {
    return {
        versionField(),
        memberField(Parameter::text("name", "Name", "What the experiment is called.", ""), &Experiment::name),
        leftOutByDefault(
            memberField(Parameter::text("description", "Description", "What it shows, in a sentence.", ""),
                        &Experiment::description)),
        seedField(),
        enumField(parameterAt("precision"), &Experiment::precision),
        dataField(),
        modelField(),
        lossField(),
        memberField(parameterAt("batch_size"), &Experiment::batchSize),
        memberField(parameterAt("learning_rate"), &Experiment::learningRate),
        memberField(parameterAt("measure_every"), &Experiment::measureEvery),
        leftOutByDefault(memberField(parameterAt("evaluate_every"), &Experiment::evaluateEvery)),
        fieldOf(&Experiment::stop, memberField(parameterAt("steps"), &StopSpec::steps)),
        fieldOf(&Experiment::stop, objectField("stop", "Further rules that end the training.", stopFields())),
        runsField(),
    };
}

std::map<std::string, Members, std::less<>> makeMembers() {
    std::map<std::string, Members, std::less<>> all = runMembers();
    all["data"] = membersOf(dataCatalog(), DataSpec{}.set);
    all["activation"] = membersOf(activationCatalog(), "tanh");
    all["initialization"] = membersOf(initializationCatalog(), "xavier_uniform");
    all["loss"] = membersOf(lossCatalog(), "");
    return all;
}

} // namespace

const Fields<Experiment>& experimentFields() {
    static const Fields<Experiment> fields = makeFields();
    return fields;
}

const Members* membersUnder(std::string_view key) {
    static const auto all = makeMembers();
    const auto found = all.find(key);
    return found == all.end() ? nullptr : &found->second;
}

Experiment blankExperiment() {
    Experiment experiment;
    experiment.data.parameters = membersUnder("data")->standardSpec().parameters;
    experiment.model.activation = membersUnder("activation")->standardSpec();
    experiment.model.initialization = membersUnder("initialization")->standardSpec();
    experiment.runs = standardRuns();
    return experiment;
}

void completeExperiment(Experiment& experiment) {
    const std::optional<Task> task = taskOf(experiment.data);
    if (experiment.loss.method.empty() && task) experiment.loss = standardLoss(*task);
}

} // namespace kappascope
