// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/laboratory/laboratory.h"
#include "engine/laboratory/lockstep.h"
#include "engine/laboratory/pacer.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

namespace kappascope {

/// The laboratory's coordinator: one thread that takes commands from a queue, lets the lockstep train a chunk
/// of steps, and puts out what others may see. Public calls come from any thread.
class Laboratory::Worker {
public:
    Worker(Experiment experiment, LaboratoryOptions options);
    ~Worker();

    struct Replay {
        Log log;
        bool goOn = false;
        std::uint64_t number = 0;
    };
    using ReplayOrder = std::shared_ptr<const Replay>;
    using Inquiry = std::function<void(const Lockstep&)>;
    using Order = std::variant<Command, ReplayOrder, Inquiry>;

    void send(Order order);
    std::uint64_t replay(Log log, bool goOn);
    Log log() const;
    void wait();
    /// Runs `inquiry` on the coordinator's thread between two chunks; returns when that is done.
    void ask(const Inquiry& inquiry);
    std::shared_ptr<const Snapshot> snapshot(int run);

    /// What others may see, as the coordinator last put it out.
    struct View {
        LaboratoryStatus status;
        Experiment experiment, start;
        std::vector<Change> changes;
        std::shared_ptr<const Split> data;
        std::map<int, std::shared_ptr<History>> histories;
        ReplayOrder replay; ///< the last one asked for, while it is not over
    };
    template<class T>
    T look(T View::*part) const {
        const std::lock_guard lock(mutex_);
        return view_.*part;
    }
    std::shared_ptr<History> history(int run) const;

private:
    struct Shot {
        std::shared_ptr<const Snapshot> snapshot;
        std::uint64_t version = 0, newest = 0; ///< of the snapshot, and of the run
        bool wanted = false;
        Clock::time_point notBefore;
    };

    // --- the coordinator's thread ---
    void serve();
    std::optional<std::deque<Order>> takeOrders();
    void obeyAll(std::deque<Order>& orders);
    std::size_t obeyEdits(std::deque<Order>& orders);
    void obey(const command::Play&);
    void obey(const command::Pause&);
    void obey(const command::Step&);
    void obey(const command::StepEpoch&);
    void obey(const command::Reset&);
    void obey(const command::StopReplay&);
    void obey(const command::SetSpeed&);
    void obey(const command::Edit&);
    void obey(const Command& command);
    void obey(const ReplayOrder&);
    void obey(const Inquiry& inquiry);
    void stepTo(std::int64_t step);
    void pause();
    void editNow(const command::Edit& edit);
    bool begin(const Experiment& experiment, bool reload);
    const Cancelled* beginLoading();
    bool attempt(const std::function<void()>& work);
    void followScript();
    void endReplay();
    void endReplayIfOver();
    bool scriptIsDue() const;
    void trainChunk();
    void catchUpChunk();
    std::int64_t stepsAhead() const;
    void evaluateAtRest();
    bool works() const {
        return playing_ || lockstep_.catchingUp() || deferred_ || scriptIsDue() || evaluates();
    }
    /// At rest, with nothing better to do.
    bool evaluates() const { return evaluatesAtRest_ && !evaluated_ && lockstep_.ready(); }
    void rest();
    void takeSnapshots();
    void publish();
    LaboratoryStatus statusNow() const;
    bool hasSettled() const;

    Lockstep lockstep_;
    bool playing_ = false;
    std::optional<std::int64_t> target_;          ///< pause there
    ReplayOrder replay_;                          ///< under way: no speed limit meanwhile
    std::deque<Change> script_;                   ///< of a replay: what is still to come
    std::uint64_t replaysTried_ = 0, opened_ = 0; ///< numbers: the last one taken, the one in force
    std::optional<command::Edit> deferred_;       ///< waits for runs that catch up
    std::optional<Clock::time_point> resting_;    ///< until the next step is due
    Experiment wanted_;                           ///< the last one that was to be set up
    std::string failure_;
    std::uint64_t failures_ = 0;
    bool loading_ = true;
    bool changed_ = true; ///< what others see of the experiment is old
    Pacer pacer_;
    ChunkSize chunk_;
    Speedometer speedometer_;
    double seconds_ = 0;
    bool background_, evaluatesAtRest_;
    bool evaluated_ = false; ///< at rest: the networks as they stand
    bool waits_ = false;     ///< for an evaluation that is under way

    // --- shared ---
    mutable std::mutex mutex_;
    std::condition_variable ordered_; ///< the coordinator waits: orders, wanted snapshots, the end
    std::condition_variable settled_; ///< wait() waits
    std::deque<Order> orders_;
    std::uint64_t sent_ = 0, taken_ = 0, done_ = 0, replays_ = 0;
    std::map<int, Shot> shots_;
    bool snapshotWanted_ = false;
    View view_;
    bool stopping_ = false;
    Cancelled unwanted_ = false; ///< what is being loaded: the end has come, or another session is asked for
    bool replaceable_ = false;   ///< there is something to fall back on when the loading ends so
    std::thread thread_;         ///< last: it uses all of the above
};

} // namespace kappascope
