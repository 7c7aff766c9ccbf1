// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>
#include <QStringList>

#include <functional>

class QLabel;
class QWidget;

namespace kappascope::ui {

class RunView;
class Session;

/// `text` as rich text in this colour.
QString coloredText(const QString& text, const QColor& color, bool strong = false);

/// "Name  fact · fact": the selected run in its colour and what is told of it, as rich text; empty for none.
QString captionOfSelectedRun(const Session& session, const QStringList& facts);

/// Lays out an inspector of the selected run: a line with `run`, the label of its caption, and `beside`,
/// above the view, which is fed with its snapshots. `showCaption` is called when something of the caption may
/// have changed, for as long as the inspector lives. All are children of the inspector.
void arrangeInspector(QWidget& inspector, Session& session, RunView& view, QLabel& run, QWidget& beside,
                      const std::function<void()>& showCaption);

} // namespace kappascope::ui
