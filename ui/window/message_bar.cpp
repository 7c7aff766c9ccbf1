// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/message_bar.h"

#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <algorithm>

namespace kappascope::ui {

class MessageBar::Line : public QFrame {
public:
    Line(Kind kind, QString topic, const QString& text, QWidget* parent)
        : QFrame(parent), topic_(std::move(topic)), kind_(kind), text_(new QLabel(text, this)),
          mark_(new QLabel(this)), close_(new QToolButton(this)), layout_(new QHBoxLayout(this)) {
        text_->setWordWrap(true);
        text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
        text_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
        close_->setAutoRaise(true);
        close_->setToolTip(MessageBar::tr("Dismiss"));
        close_->setObjectName(QStringLiteral("dismiss"));
        layout_->setContentsMargins(12, 4, 8, 4);
        layout_->setSpacing(8);
        layout_->addWidget(mark_);
        layout_->addWidget(text_, 1);
        layout_->addWidget(close_);
        setAccessibleName(text);
        connect(&Theme::instance(), &Theme::changed, this, &Line::restyle);
        restyle();
    }

    void addChoice(const QString& label, const std::function<void()>& act) {
        auto* button = new QPushButton(label, this);
        connect(button, &QPushButton::clicked, this, act);
        layout_->insertWidget(layout_->count() - 1, button);
    }

    const QString& topic() const { return topic_; }
    QString text() const { return text_->text(); }
    QToolButton* closeButton() const { return close_; }

private:
    void restyle() {
        const Palette& palette = Theme::instance().palette();
        const QColor bar = kind_ == Kind::Error ? palette.warning : palette.accent;
        setStyleSheet(QStringLiteral("QFrame { background: %1; } Line, QFrame#messageLine { border-left: 3px "
                                     "solid %2; } QLabel { color: %3; border: none; }")
                          .arg(palette.panel.name(), bar.name(), palette.text.name()));
        setObjectName(QStringLiteral("messageLine"));
        const QString name = kind_ == Kind::Error ? QStringLiteral("warning") : QStringLiteral("info");
        mark_->setPixmap(Theme::instance().icon(name).pixmap(16, 16));
        close_->setIcon(Theme::instance().icon(QStringLiteral("close")));
    }

    QString topic_;
    Kind kind_;
    QLabel *text_, *mark_;
    QToolButton* close_;
    QHBoxLayout* layout_;
};

MessageBar::MessageBar(QWidget* parent) : QFrame(parent), layout_(new QVBoxLayout(this)) {
    layout_->setContentsMargins(0, 0, 0, 0);
    layout_->setSpacing(1);
    setObjectName(QStringLiteral("messageBar"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
}

void MessageBar::show(Kind kind, const QString& topic, const QString& text, const QList<Choice>& choices) {
    dismiss(topic);
    auto* line = new Line(kind, topic, text, this);
    for (const auto& [label, act] : choices)
        line->addChoice(label, [this, topic, act] {
            dismiss(topic);
            act();
        });
    connect(line->closeButton(), &QToolButton::clicked, this, [this, line] { remove(line); });
    layout_->addWidget(line);
    lines_.append(line);
    fitHeight();
    if (lines_.size() == 1) emit emptyChanged(false);
}

void MessageBar::dismiss(const QString& topic) {
    const auto found = std::ranges::find(lines_, topic, &Line::topic);
    if (found != lines_.end()) remove(*found);
}

void MessageBar::dismissAll() {
    while (!lines_.isEmpty())
        remove(lines_.last());
}

void MessageBar::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    fitHeight();
}

/// Tool bars do not ask for the height that wrapped text needs at their width.
void MessageBar::fitHeight() {
    setFixedHeight(layout_->hasHeightForWidth() ? layout_->totalHeightForWidth(width())
                                                : layout_->totalSizeHint().height());
}

QStringList MessageBar::texts() const {
    QStringList texts;
    for (const Line* line : lines_)
        texts << line->text();
    return texts;
}

void MessageBar::remove(Line* line) {
    lines_.removeOne(line);
    layout_->removeWidget(line);
    line->hide();
    line->deleteLater(); // its own button may be asking
    fitHeight();
    if (lines_.isEmpty()) emit emptyChanged(true);
}

} // namespace kappascope::ui
