// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/json.h"

#include "engine/core/error.h"

#include <algorithm>
#include <set>
#include <vector>

namespace kappascope {

namespace {

constexpr std::size_t lineWidth = 100;
constexpr int deepest = 64;

/// nlohmann's message without its own prefix, which repeats what is said before it.
std::string reason(const nlohmann::json::exception& error) {
    std::string text = error.what();
    if (const auto end = text.find("] "); end != std::string::npos) text.erase(0, end + 2);
    if (const auto column = text.find(", column "); column != std::string::npos)
        if (const auto colon = text.find(": ", column); colon != std::string::npos) text.erase(0, colon + 2);
    return text;
}

/// "line 3, column 7" of the character before the byte number `byte`, which the parser had read last.
std::string position(std::string_view text, std::size_t byte) {
    const std::string_view before = text.substr(0, std::min(byte == 0 ? 0 : byte - 1, text.size()));
    const auto line = std::ranges::count(before, '\n') + 1;
    const auto lastBreak = before.rfind('\n');
    const auto column = lastBreak == before.npos ? before.size() + 1 : before.size() - lastBreak;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// Watches the parser for what it lets pass: keys given twice, and depth.
class Watch {
public:
    explicit Watch(std::string place) : place_(std::move(place)) {}

    bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
        if (depth > deepest)
            throw InputError(place_, "nested deeper than " + std::to_string(deepest) + " levels");
        if (event == Json::parse_event_t::object_start) keys_.emplace_back();
        if (event == Json::parse_event_t::object_end) keys_.pop_back();
        if (event == Json::parse_event_t::key) {
            const std::string key = parsed.get<std::string>();
            if (!keys_.back().insert(key).second)
                throw InputError(place_, "the key '" + key + "' stands twice in one object",
                                 "Remove one of them.");
        }
        return true;
    }

private:
    std::string place_;
    std::vector<std::set<std::string>> keys_;
};

std::string scalar(const Json& value) {
    std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (value.is_number_float() && text != "-0.0" && text.ends_with(".0")) text.resize(text.size() - 2);
    return text;
}

std::string quoted(const std::string& key) {
    return scalar(Json(key));
}

std::string onOneLine(const Json& value) {
    if (!value.is_structured()) return scalar(value);
    if (value.empty()) return value.is_object() ? "{}" : "[]";
    std::string text = value.is_object() ? "{ " : "[";
    bool first = true;
    for (const auto& [key, item] : value.items()) {
        if (!first) text += ", ";
        first = false;
        if (value.is_object()) text += quoted(key) + ": ";
        text += onOneLine(item);
    }
    return text + (value.is_object() ? " }" : "]");
}

/// Appends `value`, which starts at `column` on a line indented by `indent`.
void put(std::string& out, const Json& value, std::size_t indent, std::size_t column) {
    if (!value.is_structured() || value.empty() || indent > 0) {
        const std::string line = onOneLine(value);
        // One column is left for the comma.
        if (!value.is_structured() || value.empty() || column + line.size() < lineWidth) {
            out += line;
            return;
        }
    }
    out += value.is_object() ? "{" : "[";
    bool first = true;
    for (const auto& [key, item] : value.items()) {
        out += first ? "\n" : ",\n";
        first = false;
        std::string head(indent + 2, ' ');
        if (value.is_object()) head += quoted(key) + ": ";
        out += head;
        put(out, item, indent + 2, head.size());
    }
    out += '\n';
    out.append(indent, ' ');
    out += value.is_object() ? '}' : ']';
}

} // namespace

Json parseJson(std::string_view text, const std::string& place) {
    try {
        return Json::parse(text, Watch(place));
    } catch (const nlohmann::json::parse_error& error) {
        throw InputError(place, "not JSON at " + position(text, error.byte) + ": " + reason(error));
    } catch (const nlohmann::json::exception& error) {
        throw InputError(place, "not JSON: " + reason(error));
    }
}

std::string formatJson(const Json& value) {
    std::string text;
    put(text, value, 0, 0);
    return text + '\n';
}

std::string describe(const Json& value) {
    switch (value.type()) {
    case Json::value_t::null:
        return "null";
    case Json::value_t::boolean:
        return value.get<bool>() ? "true" : "false";
    case Json::value_t::string:
        return "the text " + scalar(value);
    case Json::value_t::array:
        return "a list";
    case Json::value_t::object:
        return "an object";
    default:
        return "the number " + scalar(value);
    }
}

std::string joinPath(const std::string& place, std::string_view key) {
    return place.empty() ? std::string(key) : place + '.' + std::string(key);
}

std::string joinPath(const std::string& place, std::size_t index) {
    return place + '[' + std::to_string(index) + ']';
}

} // namespace kappascope
