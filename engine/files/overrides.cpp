// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/overrides.h"

#include "engine/data/data_catalog.h"
#include "engine/files/experiment_document.h"
#include "engine/files/experiment_fields.h"
#include "engine/files/run_fields.h"

#include <charconv>
#include <optional>

namespace kappascope {

namespace {

/// An assignment taken apart.
struct Assignment {
    std::string path, value;
};

Assignment split(const std::string& text) {
    const auto sign = text.find('=');
    if (sign == std::string::npos || sign == 0)
        throw InputError("--set " + text, "expected PATH=VALUE", "For example: --set batch_size=16.");
    return {text.substr(0, sign), text.substr(sign + 1)};
}

std::optional<std::size_t> indexIn(std::string_view text) {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return index;
}

/// Walks down a document along a path.
class Walk {
public:
    Walk(Json& document, std::string_view path) : here_(&document), rest_(path) {}

    /// The spot that the path ends at, made where its parents allow it. The parser judges the names of keys.
    Json& target() {
        while (!rest_.empty())
            step();
        return *here_;
    }
    const std::string& lastKey() const { return lastKey_; }
    /// The object that holds the last key, and the key that this object stands under.
    Json* parent() const { return parent_; }
    const std::string& parentKey() const { return parentKey_; }

private:
    void step() {
        if (here_->is_array()) return stepIntoList();
        const auto end = rest_.find_first_of(".[");
        const std::string key(rest_.substr(0, end));
        if (here_->is_string() && membersUnder(lastKey_)) // "adam" is {"method": "adam"}
            *here_ = {{lastKey_ == "data" ? "set" : "method", *here_}};
        if (here_->is_number() && lastKey_ == "seed") {
            const Json seed = *here_;
            *here_ = {{"data", seed},
                      {"weights", seed},
                      {"batches", seed},
                      {"noise", seed},
                      {"augmentation", seed}};
        }
        if (!here_->is_object() && !here_->is_null())
            throw InputError(done_, "is " + describe(*here_) + ", it has no '" + key + "'");
        parent_ = here_;
        parentKey_ = lastKey_;
        here_ = &(*here_)[key];
        lastKey_ = key;
        done_ = joinPath(done_, key);
        consume(key.size());
    }

    void stepIntoList() {
        std::size_t length = 0;
        std::size_t index = 0;
        if (lastKey_ == "runs")
            std::tie(index, length) = namedRun();
        else
            std::tie(index, length) = numbered();
        here_ = &(*here_)[index];
        parent_ = nullptr;
        done_ = joinPath(done_, index);
        lastKey_.clear();
        consume(length);
    }

    /// The run whose name is the longest that the rest of the path starts with: names may hold dots.
    std::pair<std::size_t, std::size_t> namedRun() {
        std::size_t longest = 0, found = 0;
        std::vector<std::string> names;
        for (std::size_t i = 0; i < here_->size(); ++i) {
            const std::string name = (*here_)[i].value("name", "");
            names.push_back(name);
            const char next = name.size() < rest_.size() ? rest_[name.size()] : '.';
            if (rest_.starts_with(name) && (next == '.' || next == '[') && name.size() > longest) {
                longest = name.size();
                found = i;
            }
        }
        if (longest > 0) return {found, longest};
        const std::string wanted(rest_.substr(0, rest_.find('.')));
        if (!wanted.empty() && std::isdigit(static_cast<unsigned char>(wanted.front()))) return numbered();
        throw InputError(done_, "there is no run '" + wanted + "'", suggestName(wanted, names));
    }

    std::pair<std::size_t, std::size_t> numbered() {
        const std::string_view text = rest_.substr(0, rest_.find_first_of(".[]"));
        const auto index = indexIn(text);
        if (!index)
            throw InputError(done_,
                             "is a list, expected a position from 0 instead of '" + std::string(text) + "'");
        if (*index >= here_->size())
            throw InputError(done_, "has " + std::to_string(here_->size()) +
                                        " elements, there is no number " + std::to_string(*index) +
                                        " (they are counted from 0)");
        const bool bracket = text.size() < rest_.size() && rest_[text.size()] == ']';
        return {*index, text.size() + (bracket ? 1 : 0)};
    }

    /// Drops a part of the path and the dot or bracket behind it.
    void consume(std::size_t length) {
        rest_.remove_prefix(length);
        if (!rest_.empty()) rest_.remove_prefix(1);
    }

    Json* here_;
    std::string_view rest_;
    Json* parent_ = nullptr;
    std::string done_, lastKey_, parentKey_;
};

/// What `text` may mean as a value in place of `present`, likeliest first.
std::vector<Json> readings(const std::string& text, const Json& present) {
    std::vector<Json> readings;
    const auto add = [&readings](const std::string& json) {
        Json value = Json::parse(json, nullptr, false);
        if (!value.is_discarded()) readings.push_back(std::move(value));
    };
    const bool quoted = !text.empty() && (text.front() == '"' || text.front() == '{');
    if (present.is_string() && !quoted) readings.emplace_back(text);
    add(text);
    if (present.is_array() || text.find(',') != std::string::npos) add('[' + text + ']'); // kernel=3,5
    readings.emplace_back(text);
    return readings;
}

/// Drops what `object`, which names a method or data set under `tag`, holds for it and another one, `name`,
/// does not know.
void forgetParameters(Json& object, const std::string& tag, const std::string& key, const std::string& name) {
    const Members* members = membersUnder(key);
    const auto named = object.find(tag);
    if (!members || named == object.end() || !named->is_string()) return;
    const std::string before = named->get<std::string>();
    for (const auto& field : members->fields(members->at(before, {})))
        object.erase(field.key);
    const DataEntry* set = key == "data" ? dataCatalog().find(name) : nullptr;
    if (set && !set->fromFiles && !set->takesPath) object.erase("path");
    if (set && !set->generated)
        for (const char* dial : {"samples", "noise"})
            object.erase(dial);
}

/// A model has one form: setting a key of one drops those of the others.
void forgetOtherForms(Json& document, const std::string& path) {
    const auto model = document.find("model");
    if (model == document.end()) return;
    const auto isAt = [&path](const std::string& key) {
        return path == key || path.starts_with(key + '.') || path.starts_with(key + '[');
    };
    const bool stack = isAt("model.hidden") || isAt("model.activation");
    if (isAt("model.layers") || stack) model->erase("network");
    if (isAt("model.network") || stack) model->erase("layers");
    if (stack && !model->contains("hidden")) (*model)["hidden"] = ModelSpec{}.hidden;
    if (isAt("model.network") || isAt("model.layers"))
        for (const char* key : {"hidden", "activation"})
            model->erase(key);
}

Json withValue(Json document, const Assignment& assignment, const Json& value) {
    forgetOtherForms(document, assignment.path);
    Walk walk(document, assignment.path);
    Json* target = &walk.target();
    const std::string tag = walk.lastKey();
    if (walk.parent() && (tag == "method" || tag == "set") && *target != value && value.is_string()) {
        forgetParameters(*walk.parent(), tag, walk.parentKey(), value.get<std::string>());
        target = &(*walk.parent())[tag]; // erasing moved it
    }
    *target = value;
    return document;
}

Json present(Json document, const Assignment& assignment) {
    forgetOtherForms(document, assignment.path);
    return Walk(document, assignment.path).target();
}

/// The experiment in `document`, or nothing and the first objection to one of several.
std::optional<Experiment> accepted(const Json& document, std::optional<InputError>& objection) {
    try {
        return readDocument(document);
    } catch (const InputError& error) {
        if (!objection) objection = error;
        return std::nullopt;
    }
}

Experiment assign(const Experiment& experiment, const Assignment& assignment);

/// What to do about an objection. Where the path begins with what is a run's, "optimizer.lr", the answer is
/// that for a run.
std::string advice(const Experiment& experiment, const Assignment& assignment, const InputError& objection) {
    const std::string key = assignment.path.substr(0, assignment.path.find_first_of(".["));
    if (experiment.runs.empty() || objection.place() != key || !runMembers().contains(key))
        return objection.advice();
    const std::string run = "runs." + experiment.runs.front().name + '.';
    std::string advice = "Each run has its own, " + run + key + '.';
    try {
        assign(experiment, {run + assignment.path, assignment.value});
    } catch (const InputError& error) {
        advice += ' ' + error.advice();
    }
    return advice;
}

/// Takes the first reading of the value that the parser accepts. Throws its objection to the first one when
/// it accepts none.
Experiment assign(const Experiment& experiment, const Assignment& assignment) {
    const Json document = writeDocument(experiment);
    std::optional<InputError> objection;
    try {
        for (const Json& value : readings(assignment.value, present(document, assignment)))
            if (auto changed = accepted(withValue(document, assignment, value), objection)) return *changed;
    } catch (const InputError& error) { // the path leads nowhere
        objection = error;
    }
    const bool samePlace = objection->place() == assignment.path;
    throw InputError("--set " + assignment.path + '=' + assignment.value +
                         (samePlace ? "" : ": " + objection->place()),
                     objection->problem(), advice(experiment, assignment, *objection));
}

void checkText(const std::string& text) {
    try {
        (void)Json(text).dump();
    } catch (const Json::exception&) {
        throw InputError("--set", "the text is not UTF-8");
    }
}

} // namespace

Experiment withOverrides(const Experiment& experiment, std::span<const std::string> assignments) {
    Experiment changed = experiment;
    for (const std::string& text : assignments) {
        checkText(text);
        const Assignment assignment = split(text);
        changed = assign(changed, assignment);
    }
    validate(changed);
    return changed;
}

} // namespace kappascope
