// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panels/run/method_family.h"

#include <QObject>
#include <QPointer>
#include <map>

namespace kappascope::ui {

class Session;

/// What the user may do to one run, as undoable changes of the session: shared by columns, table, menu and
/// settings. Remembers the parameters of methods that were switched off. GUI thread only.
class RunEditor : public QObject {
    Q_OBJECT
public:
    explicit RunEditor(Session& session, QObject* parent = nullptr);

    Session& session() const { return session_; }

    /// On: `method` with the parameters that this run had last, else those of the first run that has it, else
    /// its defaults. Off: "none". Does nothing when it is so already.
    void switchMethod(int run, const MethodFamily& family, const std::string& method, bool on);
    bool has(int run, const MethodFamily& family, const std::string& method) const;
    /// Another member of the family, as switchMethod() fills it in.
    void chooseMethod(int run, const MethodFamily& family, const std::string& method);
    void setParameter(int run, const MethodFamily& family, const std::string& key,
                      const ParameterValue& value);

    void setRate(int run, double rate);
    void useBaseRate(int run);
    /// The default rate of the run's optimizer; 0 when its entry has none.
    double usualRate(int run) const;

    /// False, and nothing changes, when the name is refused.
    bool rename(int run, const QString& name);
    void setColor(int run, const QString& color); ///< "#rrggbb", or empty for the colour of its position
    void setHidden(int run, bool hidden);
    void showAll();
    /// Starts this run over from step 0 with the rate halved; it catches up with the others.
    void restartAtHalfRate(int run);

private:
    using Key = std::pair<int, QString>; ///< run, family

    MethodSpec remembered(int run, const MethodFamily& family, const std::string& method) const;
    void remember();
    QString nameOf(int run) const;

    Session& session_;
    std::map<Key, std::map<std::string, MethodSpec>> last_;
};

} // namespace kappascope::ui
