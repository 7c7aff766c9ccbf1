// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>
#include <functional>
#include <utility>

class QVBoxLayout;

namespace kappascope::ui {

/// Messages under the tool bar, instead of modal dialogs: each a line with its buttons and a cross. Takes no
/// room while there is nothing to say. GUI thread.
class MessageBar : public QFrame {
    Q_OBJECT
public:
    enum class Kind { Notice, Error };
    using Choice = std::pair<QString, std::function<void()>>; ///< a button; pressing it closes the message

    explicit MessageBar(QWidget* parent = nullptr);

    /// `topic` groups messages: a newer one takes the place of an older one of the same topic.
    void show(Kind kind, const QString& topic, const QString& text, const QList<Choice>& choices = {});
    void dismiss(const QString& topic);
    void dismissAll();
    /// What is shown now, newest last; for tests and screen readers.
    QStringList texts() const;

signals:
    void emptyChanged(bool empty);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    class Line;
    void remove(Line* line);
    void fitHeight();

    QVBoxLayout* layout_;
    QList<Line*> lines_;
};

} // namespace kappascope::ui
