// An SDF world in DART through ignition-physics, which is how Gazebo steps it. Driven by lines on stdin:
//   set JOINT q          puts a joint, rad
//   servo JOINT kp kd m  how JOINT is servoed from now on, as Gazebo's JointTrajectoryController does: kp·e + kd·ė, e = q − it, at most m, N·m
//   aim JOINT q f        where to, and the torque beside it, N·m
//   step N               N steps of 2 ms; prints `state q v …` of all that are servoed, in the order of their names, after each
//   tell                 prints `joint NAME q v` of those held, `link MODEL NAME x y z qx qy qz qw`, `contact MODEL MODEL`, then `end`
#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include <ignition/physics/ForwardStep.hh>
#include <ignition/physics/FrameSemantics.hh>
#include <ignition/physics/GetContacts.hh>
#include <ignition/physics/GetEntities.hh>
#include <ignition/physics/Joint.hh>
#include <ignition/physics/RequestEngine.hh>
#include <ignition/physics/sdf/ConstructWorld.hh>
#include <ignition/plugin/Loader.hh>
#include <sdf/Root.hh>
#include <sdf/World.hh>

using namespace ignition::physics;

struct Features : FeatureList<ForwardStep, GetEntities, LinkFrameSemantics, GetBasicJointState, SetBasicJointState, GetContactsFromLastStepFeature, ::ignition::physics::sdf::ConstructSdfWorld> {};

// gz::math::PID without an integral part: the derivative is that of the error, over one step; clamped where most ≥ 0.
struct Servo {
  double kp, kd, most, q = 0, torque = 0, last = 0;
  double force(double it) {
    const double e = q - it, d = (e - last) / 0.002;
    last = e;
    return std::clamp(kp * e + kd * d, -most, most) + torque;
  }
};

int main(int argc, char **argv) {
  if (argc != 3) return std::cerr << "usage: world PLUGIN WORLD.sdf\n", 2;
  ignition::plugin::Loader loader;
  for (const auto &name : loader.LoadLib(argv[1])) {
    auto engine = RequestEngine3d<Features>::From(loader.Instantiate(name));
    if (!engine) continue;
    ::sdf::Root root;
    const auto errors = root.Load(argv[2]);
    for (const auto &error : errors) std::cerr << error << "\n";
    if (!errors.empty() || root.WorldCount() == 0) return 1;
    auto world = engine->ConstructWorld(*root.WorldByIndex(0));
    const auto joint_of = [&](const std::string &name) {
      for (std::size_t m = 0; m < world->GetModelCount(); ++m)
        if (auto j = world->GetModel(m)->GetJoint(name)) return j;
      std::cerr << "no joint " << name << "\n", std::exit(1);
    };
    std::map<std::string, Servo> servos;
    ForwardStep::Input input;
    input.Get<std::chrono::steady_clock::duration>() = std::chrono::milliseconds(2); // else the engine's own: 1 ms
    ForwardStep::State state;
    ForwardStep::Output output;
    std::cout.precision(12);
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
      std::istringstream words(line);
      std::string verb, joint;
      words >> verb;
      if (verb == "set") {
        double q;
        words >> joint >> q;
        joint_of(joint)->SetPosition(0, q);
        joint_of(joint)->SetVelocity(0, 0);
      } else if (verb == "servo") {
        Servo s{};
        words >> joint >> s.kp >> s.kd >> s.most;
        servos[joint] = s;
      } else if (verb == "aim") {
        words >> joint;
        words >> servos.at(joint).q >> servos.at(joint).torque;
      } else if (verb == "step") {
        int n;
        words >> n;
        while (n-- > 0) {
          for (auto &[name, s] : servos) joint_of(name)->SetForce(0, s.force(joint_of(name)->GetPosition(0)));
          world->Step(output, state, input);
          std::cout << "state";
          for (const auto &servo : servos) std::cout << " " << joint_of(servo.first)->GetPosition(0) << " " << joint_of(servo.first)->GetVelocity(0);
          std::cout << "\n";
        }
      } else if (verb == "tell") {
        for (const auto &servo : servos) {
          auto j = joint_of(servo.first);
          std::cout << "joint " << servo.first << " " << j->GetPosition(0) << " " << j->GetVelocity(0) << "\n";
        }
        for (std::size_t m = 0; m < world->GetModelCount(); ++m) {
          auto model = world->GetModel(m);
          for (std::size_t i = 0; i < model->GetLinkCount(); ++i) {
            const auto pose = model->GetLink(i)->FrameDataRelativeToWorld().pose;
            const auto p = pose.translation();
            const Eigen::Quaterniond r(pose.linear());
            std::cout << "link " << model->GetName() << " " << model->GetLink(i)->GetName() << " " << p.x() << " " << p.y() << " " << p.z() << " " << r.x() << " " << r.y() << " " << r.z() << " " << r.w() << "\n";
          }
        }
        std::set<std::string> pairs;
        for (const auto &contact : world->GetContactsFromLastStep()) {
          const auto &point = contact.Get<std::decay_t<decltype(*world)>::ContactPoint>();
          std::string a = point.collision1->GetLink()->GetModel()->GetName(), b = point.collision2->GetLink()->GetModel()->GetName();
          pairs.insert(std::min(a, b) + " " + std::max(a, b));
        }
        for (const auto &pair : pairs) std::cout << "contact " << pair << "\n";
        std::cout << "end" << std::endl;
      }
    }
    return 0;
  }
  return std::cerr << "no engine in " << argv[1] << "\n", 1;
}
