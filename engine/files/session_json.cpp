// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/session_json.h"

#include "engine/data/readers/file_bytes.h"
#include "engine/files/experiment_document.h"
#include "engine/files/field.h"
#include "engine/files/session_fields.h"
#include "engine/files/whole_file.h"

#include <set>

namespace kappascope {

namespace fs = std::filesystem;

namespace {

/// A change as the file has it: relative to the experiment before it.
struct Patch {
    std::int64_t step = 0;
    std::string description;
    Json operations = Json::array();
};

struct Log {
    std::int64_t step = 0;
    bool playing = false;
    double speed = 0;
    std::vector<Patch> changes;
    std::string window;
};

constexpr std::int64_t manySteps = 1'000'000'000'000;

Field<Patch> operationsField() {
    const Json schema{{"type", "array"},
                      {"items", {{"type", "object"}}},
                      {"description", "JSON Patch (RFC 6902) of the experiment before this change."}};
    return {"patch",
            schema,
            {},
            [](Patch& patch, const Json& value, const std::string& place) {
                if (!value.is_array())
                    throw InputError(place, "found " + describe(value) + ", expected a JSON Patch, a list");
                patch.operations = value;
            },
            [](const Patch& patch) { return std::optional<Json>(patch.operations); }};
}

const Fields<Patch>& patchFields() {
    static const Fields<Patch> fields{
        memberField(Parameter::integer("step", "Step", "Steps done when it was made.", 0, 0, manySteps),
                    &Patch::step),
        memberField(Parameter::text("description", "Description", "What the flag on the time axis says.", ""),
                    &Patch::description),
        operationsField()};
    return fields;
}

Field<Log> changesField() {
    const Json schema{{"type", "array"},
                      {"items", fieldsSchema(patchFields())},
                      {"description", "What was changed in mid-training, oldest first."}};
    return {"changes",
            schema,
            {},
            [](Log& log, const Json& value, const std::string& place) {
                if (!value.is_array())
                    throw InputError(place, "found " + describe(value) + ", expected a list of changes");
                for (std::size_t i = 0; i < value.size(); ++i) {
                    const std::string changePlace = joinPath(place, i);
                    checkKeys(value[i], keysOf(patchFields()), changePlace);
                    readFields(patchFields(), log.changes.emplace_back(), value[i], changePlace);
                }
            },
            [](const Log& log) {
                Json changes = Json::array();
                for (const Patch& patch : log.changes)
                    changes.push_back(writeFields(patchFields(), patch));
                return std::optional<Json>(std::move(changes));
            }};
}

Field<Log> windowField() {
    const Json schema{{"type", "object"}, {"description", "The window's layout; the window alone knows it."}};
    return {"window",
            schema,
            {},
            [](Log& log, const Json& value, const std::string& place) {
                if (!value.is_object())
                    throw InputError(place, "found " + describe(value) + ", expected an object { ... }");
                log.window = value.dump();
            },
            [](const Log& log) {
                return log.window.empty() ? std::nullopt : std::optional(parseJson(log.window, "window"));
            }};
}

const Fields<Log>& logFields() {
    static const Fields<Log> fields{
        memberField(Parameter::integer("step", "Step", "Steps done.", 0, 0, manySteps), &Log::step),
        memberField(Parameter::flag("playing", "Playing", "It was training when it was saved.", false),
                    &Log::playing),
        memberField(Parameter::real("speed", "Speed",
                                    "Steps per second at most; 0: as fast as the machine goes.", 0, 0, 1e9),
                    &Log::speed),
        changesField(), windowField()};
    return fields;
}

/// Gives the runs of `after` the ids that they had in `before`: by name; a run that is left without one had
/// another name when no run came or went, and is new otherwise.
void assignIds(const Experiment& before, Experiment& after, int& nextId) {
    std::set<int> taken;
    for (RunSpec& run : after.runs) {
        const auto same = std::ranges::find(before.runs, run.name, &RunSpec::name);
        run.id = same == before.runs.end() ? 0 : same->id;
        taken.insert(run.id);
    }
    const bool renamed = before.runs.size() == after.runs.size();
    for (std::size_t i = 0; i < after.runs.size(); ++i) {
        int& id = after.runs[i].id;
        if (id != 0) continue;
        id = renamed && !taken.contains(before.runs[i].id) ? before.runs[i].id : nextId++;
    }
}

/// `patch` applied to `before`.
Experiment patched(const Experiment& before, const Patch& patch, const std::string& place) {
    nlohmann::json document = writeDocument(before);
    try {
        document = document.patch(nlohmann::json(patch.operations));
    } catch (const nlohmann::json::exception& error) {
        const std::string text = error.what();
        throw InputError(joinPath(place, "patch"),
                         "does not fit the experiment before it: " + text.substr(text.find("] ") + 2));
    }
    return inFile(place, [&] { return readDocument(Json(document)); });
}

void readLog(SessionDocument& session, const Log& log) {
    session.step = log.step;
    session.playing = log.playing;
    session.speed = log.speed;
    session.window = log.window;
    int nextId = static_cast<int>(session.start.runs.size()) + 1;
    const Experiment* before = &session.start;
    session.changes.reserve(log.changes.size());
    for (std::size_t i = 0; i < log.changes.size(); ++i) {
        const Patch& patch = log.changes[i];
        const std::string place = joinPath("session.changes", i);
        const std::int64_t earliest = i == 0 ? 0 : log.changes[i - 1].step;
        if (patch.step < earliest || patch.step > log.step)
            throw InputError(joinPath(place, "step"),
                             std::to_string(patch.step) + " is out of order, expected " +
                                 std::to_string(earliest) + " to " + std::to_string(log.step));
        Change change{patch.step, patch.description, patched(*before, patch, place)};
        assignIds(*before, change.after, nextId);
        session.changes.push_back(std::move(change));
        before = &session.changes.back().after;
    }
}

Log writeLog(const SessionDocument& session) {
    Log log{session.step, session.playing, session.speed, {}, session.window};
    nlohmann::json before = writeDocument(session.start);
    for (const Change& change : session.changes) {
        nlohmann::json after = writeDocument(change.after);
        log.changes.push_back({change.step, change.description, Json(nlohmann::json::diff(before, after))});
        before = std::move(after);
    }
    return log;
}

/// Calls `alter` with the data path of every experiment in `session`.
template<class F>
void alterPaths(SessionDocument& session, F alter) {
    session.start.data.path = alter(session.start.data.path);
    for (Change& change : session.changes)
        change.after.data.path = alter(change.after.data.path);
}

void validateAll(const SessionDocument& session) {
    validate(session.start);
    for (std::size_t i = 0; i < session.changes.size(); ++i)
        inFile(joinPath("session.changes", i), [&] { validate(session.changes[i].after); });
}

} // namespace

Json sessionSchema() {
    Json schema = fieldsSchema(logFields());
    schema["description"] =
        "Makes the document a session: the experiment is what it was at step 0, and this is "
        "what happened since.";
    return schema;
}

SessionDocument parseSession(std::string_view text, const std::string& file) {
    Json document = parseJson(text, file);
    return inFile(file, [&] {
        Log log;
        if (document.is_object() && document.contains("session")) {
            const Json& value = document["session"];
            checkKeys(value, keysOf(logFields()), "session");
            readFields(logFields(), log, value, "session");
            document.erase("session");
        }
        SessionDocument session;
        session.start = readDocument(document);
        readLog(session, log);
        validateAll(session);
        return session;
    });
}

std::string formatSession(const SessionDocument& session) {
    Json document = writeDocument(session.start);
    document["session"] = writeFields(logFields(), writeLog(session));
    return formatJson(document);
}

SessionDocument loadSession(const fs::path& file) {
    SessionDocument session = parseSession(readFileBytes(file), file.string());
    alterPaths(session, [&](const std::string& path) { return resolvedFrom(file, path); });
    return session;
}

void saveSession(const SessionDocument& session, const fs::path& file) {
    SessionDocument written = session;
    alterPaths(written, [&](const std::string& path) { return relativeTo(file, path); });
    writeWholeFile(file, formatSession(written));
}

} // namespace kappascope
