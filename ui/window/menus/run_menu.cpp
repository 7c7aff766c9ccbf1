// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/curvature_watch.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/window/action_set.h"
#include "ui/window/menus/menus.h"

#include <QActionGroup>
#include <QMenu>

namespace kappascope::ui {

namespace {
QString tr(const char* text) {
    return QCoreApplication::translate("Menus", text);
}

using Subject = CurvatureWatch::Subject;

/// One of several values of a member of the subject.
template<class Value>
struct Choice {
    const char* id;
    QString text, help;
    Value value;
};

template<class Value>
void addChoices(QMenu& menu, ActionSet& actions, CurvatureWatch& curvature, Value Subject::*member,
                const QList<Choice<Value>>& choices) {
    auto* group = new QActionGroup(&actions);
    for (const Choice<Value>& choice : choices) {
        QAction* action = actions.addToggle(QString::fromLatin1(choice.id), choice.text, {}, choice.help,
                                            [&curvature, member, value = choice.value](bool) {
                                                Subject subject = curvature.subject();
                                                subject.*member = value;
                                                curvature.setSubject(subject);
                                            });
        group->addAction(action);
        menu.addAction(action);
        const auto follow = [action, member, value = choice.value, &curvature] {
            action->setChecked(curvature.subject().*member == value);
        };
        QObject::connect(&curvature, &CurvatureWatch::subjectChanged, action, follow);
        follow();
    }
}

/// What of the curvature is measured.
void addSubject(QMenu& menu, ActionSet& actions, CurvatureWatch& curvature) {
    const QString rest =
        tr("; the plots, which show the Hessian of the training set in training mode, rest meanwhile");
    using Samples = CurvatureRequest::Samples;
    menu.addSection(tr("Of"));
    addChoices<CurvatureMatrix>(
        menu, actions, curvature, &Subject::matrix,
        {{"run.curvatureHessian", tr("&Hessian"), tr("All second derivatives of the loss"),
          CurvatureMatrix::Hessian},
         {"run.curvatureGaussNewton", tr("&Gauss-Newton matrix"),
          tr("The Hessian without the network's own second derivatives, never negative") + rest,
          CurvatureMatrix::GaussNewton}});
    menu.addSection(tr("Over"));
    addChoices<Samples>(
        menu, actions, curvature, &Subject::samples,
        {{"run.curvatureTrainingSet", tr("&Training set"),
          tr("All training samples; of more than 2,000 a seeded choice, the same at every step"),
          Samples::TrainingSet},
         {"run.curvatureMiniBatch", tr("Next &mini-batch"),
          tr("The samples of each run's next step: what that step meets, mostly noise from one to the next") +
              rest,
          Samples::MiniBatch}});
    menu.addSection(tr("Batch normalization"));
    addChoices<Mode>(
        menu, actions, curvature, &Subject::mode,
        {{"run.curvatureTrainingMode", tr("T&raining mode"),
          tr("With the statistics of the samples, differentiated through: what the optimizer meets"),
          Mode::Training},
         {"run.curvatureEvaluationMode", tr("&Evaluation mode"),
          tr("With the running statistics, held fixed: what predicts") + rest, Mode::Evaluation}});
}

/// How often the curvature is measured.
void addCurvature(QMenu& menu, ActionSet& actions, CurvatureWatch& curvature) {
    using Pace = CurvatureWatch::Pace;
    menu.addAction(actions.add(QStringLiteral("run.measureNow"), tr("&Measure curvature now"), {Qt::Key_K},
                               tr("Condition numbers and spectra of all runs, once, as soon as possible"),
                               [&curvature] { curvature.measureNow(); }));
    QMenu* paces = menu.addMenu(tr("&Curvature"));
    auto* group = new QActionGroup(&actions);
    const QList<std::tuple<const char*, QString, QString, Pace>> choices{
        {"run.curvatureBudget", tr("Within &10 % of a processor"),
         tr("Curvature is measured beside the training and rests nine times as long as it worked"),
         Pace::Budget},
        {"run.curvatureAlways", tr("As &often as possible"), tr("Curvature is measured without a rest"),
         Pace::Always},
        {"run.curvaturePaused", tr("Only on &demand"), tr("Curvature is measured when you ask for it"),
         Pace::Paused}};
    for (const auto& [id, text, help, pace] : choices) {
        QAction* action = actions.addToggle(QString::fromLatin1(id), text, {}, help,
                                            [&curvature, pace = pace](bool) { curvature.setPace(pace); });
        group->addAction(action);
        paces->addAction(action);
        const auto follow = [action, pace = pace, &curvature] {
            action->setChecked(curvature.pace() == pace);
        };
        QObject::connect(&curvature, &CurvatureWatch::paceChanged, action, follow);
        follow();
    }
    addSubject(*paces, actions, curvature);
}

} // namespace

void fillRunMenu(QMenu& menu, ActionSet& actions, Session& session) {
    const auto add = [&](const char* id, const QString& text, const QList<QKeySequence>& keys,
                         const QString& help, const char* icon, auto act) {
        QAction* action = actions.add(QString::fromLatin1(id), text, keys, help, std::move(act));
        action->setIcon(Theme::instance().icon(QString::fromLatin1(icon)));
        menu.addAction(action);
    };
    add("run.play", tr("&Play or pause"), {Qt::Key_Space},
        tr("Trains all runs, or stops them between two steps"), "play", [&session] { session.togglePlay(); });
    add("run.step", tr("One &step"), {Qt::Key_S, Qt::Key_Period}, tr("Trains on one mini-batch, then pauses"),
        "step", [&session] { session.step(); });
    add("run.epoch", tr("One &epoch"), {Qt::SHIFT | Qt::Key_S},
        tr("Trains to the end of the present pass over the training set, then pauses"), "step-epoch",
        [&session] { session.stepEpoch(); });
    add("run.stop", tr("S&top"), {Qt::Key_Escape}, tr("Stops the training, or the replay of a session"),
        "pause", [&session] {
            if (session.replayTo() > 0) session.stopReplay();
            session.pause();
        });
    menu.addSeparator();
    addCurvature(menu, actions, session.curvature());
    menu.addSeparator();
    add("run.reset", tr("&Restart, same seeds"), {Qt::CTRL | Qt::Key_R},
        tr("Back to step 0: the same weights, the same batches, the same curves"), "reset",
        [&session] { session.reset(); });
    add("run.newSeed", tr("Restart, &new seed"), {Qt::CTRL | Qt::SHIFT | Qt::Key_R},
        tr("Back to step 0 with other data, weights and batches"), "die", [&session] { session.newSeed(); });
}

} // namespace kappascope::ui
